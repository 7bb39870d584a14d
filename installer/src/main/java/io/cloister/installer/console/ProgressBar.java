package io.cloister.installer.console;

import java.time.Duration;
import java.util.Locale;

/** One line that says how far a step is; pure. */
final class ProgressBar {
  private static final int barColumnsMax = 24;
  private static final int barColumnsMin = 5;

  private static final int amountColumns = 29;
  private static final int paceColumns = 24;

  private final boolean unicode;

  ProgressBar(boolean unicode) {
    this.unicode = unicode;
  }

  /** What fits, the most needed first: step, amount, bar, rate and time left, the part in hand. */
  String draw(StepState step, int columns) {
    String what = fit(Printable.line(step.what()), columns);
    // Padded, so that the bar keeps its length while the figures change.
    String amount =
        step.amount().isEmpty() ? "" : padded("  " + percent(step) + step.amount(), amountColumns);
    String pace = step.bytesTotal().isPresent() ? padded(pace(step), paceColumns) : pace(step);
    String doing = step.doing().isEmpty() ? "" : "  " + Printable.line(step.doing());
    int free = columns - Table.columns(what);
    StringBuilder tail = new StringBuilder();
    for (String part : new String[] {amount, pace}) {
      if (!part.isEmpty() && part.length() <= free) {
        tail.append(part);
        free -= part.length();
      }
    }
    String bar = bar(step, Math.min(barColumnsMax, free - 4));
    free -= bar.length();
    return what + bar + tail + (free > 8 ? fit(doing, free) : "");
  }

  private static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - text.length()));
  }

  private static String percent(StepState step) {
    return step.bytesTotal().isPresent()
        ? String.format(Locale.ROOT, "%3d %%  ", (int) (step.fraction() * 100))
        : "";
  }

  private static String pace(StepState step) {
    if (step.bytesPerSecond() < 1) {
      return "";
    }
    String rate = "  " + Amounts.bytes((long) step.bytesPerSecond()) + "/s";
    long left = step.secondsLeft();
    return left < 0 ? rate : rate + "  " + Amounts.time(Duration.ofSeconds(left)) + " left";
  }

  private String bar(StepState step, int columns) {
    if (step.bytesTotal().isEmpty() || columns < barColumnsMin) {
      return "";
    }
    int full = (int) Math.round(step.fraction() * columns);
    return "  ["
        + (unicode ? "█" : "#").repeat(full)
        + (unicode ? "░" : ".").repeat(columns - full)
        + "]";
  }

  private static String fit(String text, int columns) {
    if (Table.columns(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      used += Table.columns(Character.toString(c));
      if (used > columns) {
        break;
      }
      cut.appendCodePoint(c);
    }
    return cut.toString();
  }
}
