package io.cloister.appliance.worker;

import io.cloister.appliance.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A control group for each worker (Linux, Documentation/admin-guide/cgroup-v2.rst), in the part of
 * the tree that systemd delegated to this service. What a model takes too much of is its own loss;
 * a controller that the host does not have bounds nothing.
 *
 * @param own the service's group
 * @param controllers those that workers can be bounded with
 */
public record ControlGroups(Path own, Set<String> controllers, AtomicLong last) {
  private static final System.Logger LOG = System.getLogger(ControlGroups.class.getName());
  private static final Path TREE = Path.of("/sys/fs/cgroup");
  private static final List<String> WANTED = List.of("cpu", "memory", "pids");

  /** The server answers, refuses and watches: it goes before what workers compute. */
  private static final int SERVER_WEIGHT = 1000;

  /** Of 100 that others have: for workers that no caller waits for. */
  private static final int BACKGROUND_WEIGHT = 10;

  private static final int PROCESSES_MAX = 512;
  private static final int PERIOD_MICROS = 100_000;

  /** The delegated groups, with this process moved aside; empty where none were delegated. */
  public static Optional<ControlGroups> take(Map<String, String> environment) {
    if (!environment.containsKey("CLOISTER_DELEGATED")) {
      return Optional.empty();
    }
    try {
      String line = Files.readString(Path.of("/proc/self/cgroup")).strip();
      Path own = TREE.resolve(line.substring(line.indexOf("::/") + 3));
      return Optional.of(take(own, ProcessHandle.current().pid()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "workers have no control groups: {0}", e.toString());
      return Optional.empty();
    }
  }

  private static ControlGroups take(Path own, long pid) throws IOException {
    Path server = Files.createDirectories(own.resolve("server"));
    Files.writeString(server.resolve("cgroup.procs"), Long.toString(pid));
    Set<String> controllers = new TreeSet<>(WANTED);
    controllers.retainAll(
        Arrays.asList(Files.readString(own.resolve("cgroup.controllers")).strip().split(" ", -1)));
    for (String each : controllers) {
      Files.writeString(own.resolve("cgroup.subtree_control"), "+" + each);
    }
    if (controllers.contains("cpu")) {
      Files.writeString(server.resolve("cpu.weight"), Integer.toString(SERVER_WEIGHT));
    }
    LOG.log(System.Logger.Level.INFO, "workers are bounded by {0}", controllers);
    return new ControlGroups(own, controllers, new AtomicLong());
  }

  /**
   * A group for one more worker.
   *
   * @param background whether it steps back for others
   */
  Path create(ModelConfig.Limits limits, boolean background) throws IOException {
    Path group = Files.createDirectory(own.resolve("worker-" + last.incrementAndGet()));
    if (controllers.contains("memory")) {
      Files.writeString(group.resolve("memory.max"), limits.memoryMib() + "M");
      Files.writeString(group.resolve("memory.oom.group"), "1");
      Path swap = group.resolve("memory.swap.max");
      if (Files.exists(swap)) {
        Files.writeString(swap, "0");
      }
    }
    if (controllers.contains("pids")) {
      Files.writeString(group.resolve("pids.max"), Integer.toString(PROCESSES_MAX));
    }
    if (controllers.contains("cpu") && background) {
      Files.writeString(group.resolve("cpu.weight"), Integer.toString(BACKGROUND_WEIGHT));
    }
    if (controllers.contains("cpu") && limits.cpus().isPresent()) {
      int quota = limits.cpus().getAsInt() * PERIOD_MICROS;
      Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
    }
    return group;
  }

  /** Ends a worker's processes, also what outlived the one that began them (Linux 5.14). */
  static void kill(Path group) {
    Path kill = group.resolve("cgroup.kill");
    try {
      if (Files.exists(kill)) {
        Files.writeString(kill, "1");
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a control group is not ended: {0}", e.toString());
    }
  }

  /** Of a worker that has ended; one that is not quite gone is left to the service's own end. */
  static void delete(Path group) {
    kill(group);
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a control group stays: {0}", e.toString());
    }
  }
}
