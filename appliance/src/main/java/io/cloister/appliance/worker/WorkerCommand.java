package io.cloister.appliance.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a worker process is started.
 *
 * @param java the executable of this image's runtime
 * @param classPath that of the server
 * @param home the release folder, whose native libraries the worker uses; they come from the jars
 *     when empty
 * @param jvmOptions further options, e.g. the start-up archive
 */
public record WorkerCommand(
    Path java, String classPath, Optional<Path> home, List<String> jvmOptions) {
  public WorkerCommand {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** As this process was started: same runtime, class path and {@code cloister.home}. */
  public static WorkerCommand ofThisProcess() {
    return new WorkerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        Optional.ofNullable(System.getProperty("cloister.home")).map(Path::of),
        List.of());
  }
}
