package io.cloister.installer.host;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command that runs to its end, with none of the operator's environment. */
final class Command {
  static final int OUTPUT_BYTES_MAX = 64 << 10;

  private final ProcessBuilder builder;
  private String input = "";

  Command(List<String> line, Path folder) {
    builder = clean(new ProcessBuilder(line).directory(file(folder)));
  }

  /** It may hold secrets or JVM options. */
  static ProcessBuilder clean(ProcessBuilder builder) {
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LANG", "C.UTF-8");
    return builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
  }

  /** What a process is given: whatever file system a path is seen through, it is of the host's. */
  static File file(Path path) {
    return new File(path.toString());
  }

  Command errorsTo(Path file) {
    builder.redirectError(ProcessBuilder.Redirect.appendTo(file(file)));
    return this;
  }

  /** Given at once, and then its standard input ends. */
  Command input(String text) {
    input = text;
    return this;
  }

  Command with(String variable, String value) {
    builder.environment().put(variable, value);
    return this;
  }

  /** Runs it; empty, too, where there is no such program. */
  Optional<Supervisor.Finished> find(Path scratch, Duration patience)
      throws IOException, InterruptedException {
    String path = builder.environment().getOrDefault("PATH", "");
    boolean there =
        Stream.of(path.split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, builder.command().getFirst())));
    return there ? run(scratch, patience) : Optional.empty();
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
    Path output = Files.createTempFile(scratch, "output-", ".new");
    Process process =
        builder.redirectInput(ProcessBuilder.Redirect.PIPE).redirectOutput(file(output)).start();
    try {
      if (!input.isEmpty()) {
        give(process.getOutputStream());
      }
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return Optional.empty();
      }
      try (var printed = Files.newInputStream(output)) {
        byte[] start = printed.readNBytes(OUTPUT_BYTES_MAX);
        return Optional.of(
            new Supervisor.Finished(
                process.exitValue(), new String(start, StandardCharsets.UTF_8)));
      }
    } finally {
      process.getOutputStream().close();
      Files.deleteIfExists(output);
    }
  }

  private void give(OutputStream stream) throws IOException {
    try (stream) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    }
  }
}
