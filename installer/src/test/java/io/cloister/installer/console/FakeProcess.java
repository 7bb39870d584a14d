package io.cloister.installer.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;

/** A process with streams in memory, a clock that is turned by hand, and a virtual terminal. */
final class FakeProcess {
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
  private InputStream in = InputStream.nullInputStream();
  private String typed = "";
  private final Map<String, String> environment = new HashMap<>(Map.of("TERM", "vt220"));
  private Charset encoding = StandardCharsets.UTF_8;
  private boolean terminal;
  private long nanos = 1_000_000_000L;
  int columns = 80;

  static FakeProcess inAPipe() {
    return new FakeProcess();
  }

  static FakeProcess onATerminal() {
    FakeProcess process = new FakeProcess();
    process.terminal = true;
    return process;
  }

  FakeProcess with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  FakeProcess typing(String answer) {
    in = new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8));
    typed = answer;
    return this;
  }

  FakeProcess inAscii() {
    encoding = StandardCharsets.US_ASCII;
    return this;
  }

  void passes(Duration time) {
    nanos += time.toNanos();
  }

  Console console() {
    return console(false, out);
  }

  Console jsonConsole() {
    return console(true, out);
  }

  Console console(boolean json, OutputStream output) {
    Surroundings surroundings =
        new Surroundings(
            output, err, in, environment, encoding, terminal, terminal, terminal, () -> nanos);
    return Console.choose(surroundings, json, () -> new Screen(this::virtualTerminal));
  }

  /** Its user types all there is to type, then Ctrl-D. */
  private Terminal virtualTerminal() throws IOException {
    LineDisciplineTerminal terminal =
        new LineDisciplineTerminal("virtual", "vt220", asked, StandardCharsets.UTF_8);
    terminal.processInputBytes((typed + "\u0004").getBytes(StandardCharsets.UTF_8));
    terminal.setSize(Size.of(columns, columns == 0 ? 0 : 24));
    return terminal;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What JLine wrote around the line that it edits, with its sequences. */
  String asked() {
    return asked.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
