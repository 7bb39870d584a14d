package io.cloister.installer.console;

import java.util.Map;

/**
 * Text that may be written to a terminal: without control characters, bidirectional overrides and
 * other invisible ones, whoever wrote it; in ASCII where the terminal reads nothing else.
 */
final class Printable {
  private static final Map<Integer, String> ascii =
      Map.ofEntries(
          Map.entry((int) '…', "..."),
          Map.entry((int) '–', "-"),
          Map.entry((int) '—', "-"),
          Map.entry((int) '‘', "'"),
          Map.entry((int) '’', "'"),
          Map.entry((int) '“', "\""),
          Map.entry((int) '”', "\""),
          Map.entry((int) '→', "->"),
          Map.entry((int) '≤', "<="),
          Map.entry((int) '≥', ">="),
          Map.entry((int) '×', "x"),
          Map.entry((int) '·', "-"),
          Map.entry((int) '§', "sec. "));

  private Printable() {}

  /** One line: a line break in {@code text} is replaced like any other control character. */
  static String line(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> safe.appendCodePoint(invisible(c) ? '\uFFFD' : c));
    return safe.toString();
  }

  /** Several lines, each ended by a newline. */
  static String lines(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 1);
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      safe.append(line(line)).append('\n');
    }
    return safe.toString();
  }

  /** The same in ASCII: known typography spelled out, the rest as a question mark. */
  static String ascii(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> plain.append(c < 128 ? Character.toString(c) : ascii.getOrDefault(c, "?")));
    return plain.toString();
  }

  private static boolean invisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
