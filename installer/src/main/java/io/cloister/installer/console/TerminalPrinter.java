package io.cloister.installer.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Problem;
import java.time.Duration;

/**
 * For a person at a terminal: a bar that redraws one line. It is drawn with a carriage return and
 * blanks alone, so that any serial console shows it.
 */
final class TerminalPrinter implements Printer {
  /** A serial line of 9600 baud takes 80 ms for one line. */
  private static final Duration redraw = Duration.ofMillis(250);

  private final Output out;
  private final Output err;
  private final Screen screen;
  private final ProgressBar bar;
  private final boolean errInColour;
  private Duration drawnAt = Duration.ZERO;
  private String shown = "";

  TerminalPrinter(Output out, Output err, Screen screen, ProgressBar bar, boolean errInColour) {
    this.out = out;
    this.err = err;
    this.screen = screen;
    this.bar = bar;
    this.errInColour = errInColour;
  }

  @Override
  public synchronized void started(StepState step) {
    draw(step);
  }

  @Override
  public synchronized void progressed(StepState step) {
    if (step.elapsed().minus(drawnAt).abs().compareTo(redraw) >= 0) {
      draw(step);
    }
  }

  private void draw(StepState step) {
    drawnAt = step.elapsed();
    // The last column stays free: many terminals break the line when it is written.
    over(bar.draw(step, screen.columns() - 1), "");
  }

  @Override
  public synchronized void ended(StepState step, boolean success) {
    over(Printable.line(step.what() + (success ? ": done" : ": failed") + step.outcome()), "\n");
    shown = "";
  }

  private void over(String line, String end) {
    int rest = Math.max(0, Table.columns(shown) - Table.columns(line));
    out.write((shown.isEmpty() ? "" : "\r") + line + " ".repeat(rest) + end);
    shown = line;
  }

  private void clear() {
    if (!shown.isEmpty()) {
      out.write("\r" + " ".repeat(Table.columns(shown)) + "\r");
      shown = "";
    }
  }

  @Override
  public synchronized void makeRoom() {
    clear();
  }

  @Override
  public synchronized void say(String text) {
    clear();
    out.write(Printable.lines(text));
  }

  @Override
  public synchronized void result(ObjectNode data, String text) {
    say(text);
  }

  @Override
  public synchronized void problem(Problem problem) {
    clear();
    String text = Printable.lines(problem.text());
    boolean marked = errInColour && text.startsWith("error:");
    err.write(marked ? "\u001b[1;31merror:\u001b[0m" + text.substring(6) : text);
  }

  @Override
  public synchronized void unshown(String words) {
    clear();
    err.write(Printable.lines(words));
  }

  @Override
  public synchronized void close() {
    clear();
    screen.close();
  }
}
