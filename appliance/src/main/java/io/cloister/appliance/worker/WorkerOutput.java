package io.cloister.appliance.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker prints: drained so that it never blocks, of which only the last lines and the
 * heading of a crash report are kept. The model may have written it: it is evidence, not text.
 */
final class WorkerOutput {
  private static final int LINES_MAX = 40;
  private static final int LINE_BYTES_MAX = 400;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]+");
  private static final Pattern SIGNAL = Pattern.compile("^#\\s+(SIG[A-Z0-9]+) \\(");

  private final Deque<String> last = new ArrayDeque<>();
  private Optional<String> signal = Optional.empty();

  /** Reads to the end. */
  void drain(InputStream in) {
    byte[] line = new byte[LINE_BYTES_MAX];
    int length = 0;
    try (in) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          add(new String(line, 0, length, StandardCharsets.UTF_8));
          length = 0;
        } else if (length < line.length) {
          line[length++] = (byte) next;
        }
      }
    } catch (IOException e) {
      add("(its output could not be read: " + e + ")");
    }
  }

  /** Without control characters: they could write to a terminal. */
  static String printable(String text) {
    return CONTROL.matcher(text).replaceAll(" ").strip();
  }

  private synchronized void add(String printed) {
    String line = printable(printed);
    Matcher matcher = SIGNAL.matcher(line);
    if (signal.isEmpty() && matcher.find()) {
      signal = Optional.of(matcher.group(1));
    }
    if (last.size() == LINES_MAX) {
      last.removeFirst();
    }
    last.addLast(line);
  }

  /** The signal that a crash report of the virtual machine names. */
  synchronized Optional<String> findSignal() {
    return signal;
  }

  synchronized List<String> lines() {
    return new ArrayList<>(last);
  }
}
