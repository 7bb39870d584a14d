package io.cloister.installer.console;

import java.util.ArrayList;
import java.util.List;

/** What a person sees of what was written: carriage returns overwrite; a line too long fails. */
final class Glass {
  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));

  private Glass(String written, int columns) {
    int column = 0;
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '\n') {
        lines.add(new StringBuilder());
        column = 0;
      } else if (c == '\r') {
        column = 0;
      } else if (c < ' ') {
        throw new AssertionError("control character " + (int) c);
      } else if (column >= columns) {
        throw new AssertionError("the line breaks: " + lines.getLast());
      } else {
        StringBuilder line = lines.getLast();
        line.replace(column, Math.min(column + 1, line.length()), Character.toString(c));
        column++;
      }
    }
  }

  /** Lines without the blanks at their ends. */
  static List<String> showing(String written, int columns) {
    return new Glass(written, columns)
        .lines.stream().map(StringBuilder::toString).map(String::stripTrailing).toList();
  }
}
