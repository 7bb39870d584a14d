package io.cloister.appliance.worker;

import io.cloister.appliance.model.ModelConfig;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a worker process is started.
 *
 * @param java the executable of this image's runtime
 * @param classPath that of the server
 * @param home the release folder, whose native libraries the worker uses; they come from the jars
 *     when empty
 * @param jvmOptions further options, e.g. the start-up archive
 * @param groups that workers are put into, where there are any
 * @param background whether workers step back for those that serve
 */
public record WorkerCommand(
    Path java,
    String classPath,
    Optional<Path> home,
    List<String> jvmOptions,
    Optional<ControlGroups> groups,
    boolean background) {

  /**
   * What Java cannot do for itself: keep the answers' pipe (3) away from what native code prints,
   * leave signals of the service's group to the server, which drains first, enter its control
   * group, and bound the memory, native included. No core file: it would hold requests.
   */
  private static final String SHELL =
      "exec 3>&1 1>&2; trap '' TERM INT HUP; ulimit -c 0; ulimit -d \"$1\" || exit 71;"
          + " [ -z \"$2\" ] || echo $$ >\"$2/cgroup.procs\" || exit 71; shift 2;"
          + " exec \"$@\"";

  /**
   * Of all memory, for frames; not less than Java's own default. Far from all of it: what is
   * dropped is freed only when this is used up.
   */
  private static final int DIRECT_SHARE = 4;

  public WorkerCommand {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /**
   * As this process was started: same runtime, class path and {@code cloister.home}, and with the
   * start-up archive that the launcher names: one to use, or one to be recorded.
   */
  public static WorkerCommand ofThisProcess() {
    return new WorkerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        Optional.ofNullable(System.getProperty("cloister.home")).map(Path::of),
        archive(),
        Optional.empty(),
        false);
  }

  private static List<String> archive() {
    String used = System.getProperty("cloister.worker.archive");
    String recorded = System.getProperty("cloister.worker.recorded");
    if (recorded != null) {
      return List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded);
    }
    return used == null ? List.of() : List.of("-XX:AOTCache=" + used);
  }

  /** The same, each worker in a group of its own. */
  public WorkerCommand within(Optional<ControlGroups> delegated) {
    return new WorkerCommand(java, classPath, home, jvmOptions, delegated, background);
  }

  /** The same, for workers that no caller waits for. */
  public WorkerCommand inBackground() {
    return new WorkerCommand(java, classPath, home, jvmOptions, groups, true);
  }

  /** A process that inherits nothing of the server's environment. */
  ProcessBuilder process(ModelConfig.Limits limits, Optional<Path> group) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SHELL, "cloister-worker"));
    command.add(Long.toString(limits.memoryMib() * 1024L));
    command.add(group.map(Path::toString).orElse(""));
    // A control group has a weight of its own.
    if (background && groups.isEmpty()) {
      command.addAll(List.of("nice", "-n", "10"));
    }
    command.add(java.toString());
    command.addAll(
        List.of(
            "-Xmx" + limits.heapMib() + "m",
            "-Xms16m",
            "-XX:MaxDirectMemorySize=" + directMib(limits) + "m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:CompileThresholdScaling=4",
            "-XX:+ExitOnOutOfMemoryError",
            // A crash report into the pump, which keeps its first lines, not into a file.
            "-XX:+ErrorFileToStderr",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.awt.headless=true"));
    home.ifPresent(folder -> command.addAll(natives(folder.resolve("native"))));
    command.addAll(jvmOptions);
    command.add(WorkerMain.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    environment(builder.environment());
    return builder.directory(new File("/"));
  }

  private static int directMib(ModelConfig.Limits limits) {
    return Math.max(limits.heapMib(), limits.memoryMib() / DIRECT_SHARE);
  }

  /** The tokenizer's by its file: given a folder, its loader looks for a CUDA version and fails. */
  private static List<String> natives(Path folder) {
    return List.of(
        "-Donnxruntime.native.path=" + folder,
        "-DRUST_LIBRARY_PATH=" + folder.resolve("libtokenizers.so"));
  }

  /** The class path travels here: as an argument it would fill every process listing. */
  private void environment(Map<String, String> environment) {
    environment.clear();
    environment.put("CLASSPATH", classPath);
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("DJL_OFFLINE", "true");
    environment.put("OPT_OUT_TRACKING", "true");
    environment.put("RUST_FLAVOR", "cpu");
    home.ifPresent(
        folder -> environment.put("LD_LIBRARY_PATH", folder.resolve("native").toString()));
  }
}
