package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that ran to its end, as a person would have typed it. */
record Command(List<String> line, int status, String output) {
  private static final int MINUTES_MAX = Integer.getInteger("minutes", 5);

  static Command run(List<String> line) throws IOException, InterruptedException {
    Path output = Files.createTempFile("command", ".txt");
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      return new Command(line, process.waitFor(), said);
    } finally {
      Files.delete(output);
    }
  }

  /** Itself, after seeing that it ended as expected. */
  Command ended(int expected) {
    assertThat(status).as("status of %s%n%s", String.join(" ", line), output).isEqualTo(expected);
    return this;
  }
}
