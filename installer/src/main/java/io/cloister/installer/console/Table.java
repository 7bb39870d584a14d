package io.cloister.installer.console;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/**
 * Rows under a heading, aligned by what a terminal shows: a wide character counts two columns.
 *
 * @param heading one word or two for each column
 * @param rows each with as many cells as the heading
 */
public record Table(List<String> heading, List<List<String>> rows) {
  private static final int gapColumns = 2;

  public Table {
    int columns = heading.size();
    heading = List.copyOf(heading);
    rows = rows.stream().map(List::copyOf).toList();
    if (rows.stream().anyMatch(row -> row.size() != columns)) {
      throw new IllegalArgumentException("every row needs " + columns + " cells");
    }
  }

  /** The aligned lines, each ended by a newline and without blanks before it. */
  public String text() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(heading);
    lines.addAll(rows);
    lines.replaceAll(cells -> cells.stream().map(Printable::line).toList());
    int[] widths = new int[heading.size()];
    for (List<String> cells : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], columns(cells.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(cells -> append(text, cells, widths));
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).repeat(" ", widths[i] - columns(cells.get(i)) + gapColumns);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** Columns that printable text takes; JLine's tables are asked only for what is not ASCII. */
  static int columns(String text) {
    if (text.chars().allMatch(c -> c < 128)) {
      return text.length();
    }
    return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }
}
