package io.cloister.installer.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command that runs to its end, with none of the operator's environment. */
final class Command {
  static final int OUTPUT_BYTES_MAX = 64 << 10;

  private final ProcessBuilder builder;

  Command(List<String> line, Path folder) {
    builder = clean(new ProcessBuilder(line).directory(folder.toFile()));
  }

  /** It may hold secrets or JVM options. */
  static ProcessBuilder clean(ProcessBuilder builder) {
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LANG", "C.UTF-8");
    return builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
  }

  Command errorsTo(Path file) {
    builder.redirectError(ProcessBuilder.Redirect.appendTo(file.toFile()));
    return this;
  }

  Command with(String variable, String value) {
    builder.environment().put(variable, value);
    return this;
  }

  /**
   * Runs it. Its standard input is a pipe that only this process holds.
   *
   * @param scratch a folder for its output meanwhile
   * @return empty when it took longer than {@code patience} and was killed
   */
  Optional<Supervisor.Finished> run(Path scratch, Duration patience)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    Path output = Files.createTempFile(scratch, "output-", "");
    Process process =
        builder.redirectInput(ProcessBuilder.Redirect.PIPE).redirectOutput(output.toFile()).start();
    try (OutputStream _ = process.getOutputStream()) {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return Optional.empty();
      }
      try (var in = Files.newInputStream(output)) {
        byte[] start = in.readNBytes(OUTPUT_BYTES_MAX);
        return Optional.of(
            new Supervisor.Finished(
                process.exitValue(), new String(start, StandardCharsets.UTF_8)));
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
