package io.cloister.installer.testing;

import io.cloister.repo.RefusedCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program on a terminal that the kernel makes for it, by script(1), and a person before it. */
public final class PseudoTerminal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process script;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private int seen;

  private PseudoTerminal(Process script) {
    this.script = script;
    Thread.ofVirtual().start(this::watch);
  }

  /**
   * @param columns of 24 rows; 0 where it does not know its size, as a serial line
   */
  static PseudoTerminal open(String type, int columns, List<String> command) throws IOException {
    var builder =
        new ProcessBuilder(
                "script",
                "-qec",
                "stty cols %d rows %d; exec ".formatted(columns, columns == 0 ? 0 : 24)
                    + RefusedCommand.shell(command),
                "/dev/null")
            .redirectErrorStream(true);
    builder.environment().put("TERM", type);
    return new PseudoTerminal(builder.start());
  }

  private void watch() {
    try (InputStream from = script.getInputStream()) {
      for (int c = from.read(); c >= 0; c = from.read()) {
        shown.write(c);
      }
    } catch (IOException gone) {
      shown.writeBytes("[gone]".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Everything that was shown. */
  public String text() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  /** Waits until something new with these words is shown, then types. */
  public PseudoTerminal answers(String question, String keys)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (text().indexOf(question, seen) < 0) {
      if (System.nanoTime() > end || !script.isAlive()) {
        throw new AssertionError("never asked: " + question + "\n" + text());
      }
      Thread.sleep(20);
    }
    seen = text().indexOf(question, seen) + question.length();
    // The program reads keys only after it has set the terminal up, which nothing shows.
    Thread.sleep(300);
    script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    script.getOutputStream().flush();
    return this;
  }

  /** Waits for the end; the exit status. */
  public int status() throws InterruptedException {
    if (!script.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end\n" + text());
    }
    return script.exitValue();
  }

  @Override
  public void close() {
    script.descendants().forEach(ProcessHandle::destroyForcibly);
    script.destroyForcibly();
  }
}
