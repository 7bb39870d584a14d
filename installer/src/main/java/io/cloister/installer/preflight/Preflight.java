package io.cloister.installer.preflight;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at everything a plan needs before anything is written, and reports all of it at once. */
public final class Preflight {
  /** For metadata, the database, logs and the start-up archive, beside the plan's own bytes. */
  private static final long SPARE_BYTES = 256L << 20;

  private final Machine machine;
  private final HostPaths paths;
  private final List<InstallRefusal> refusals = new ArrayList<>();

  private Preflight(Machine machine, HostPaths paths) {
    this.machine = machine;
    this.paths = paths;
  }

  /** What must change before this machine can take what the plan needs. */
  public static List<InstallRefusal> look(Machine machine, HostPaths paths, Need need)
      throws IOException {
    var look = new Preflight(machine, paths);
    need.platform().ifPresent(look::platform);
    need.glibc().ifPresent(look::glibc);
    look.socketPath();
    if (look.writable()) {
      look.disk(need.bytes());
    }
    look.refusals.addAll(ports(machine, need.listeners(), true));
    return List.copyOf(look.refusals);
  }

  private void platform(String needed) {
    if (!machine.platform().equals(needed)) {
      refusals.add(new InstallRefusal.WrongPlatform(machine.platform(), needed));
    }
  }

  private void glibc(String needed) {
    Optional<String> here = machine.glibc();
    if (here.isEmpty() || older(here.get(), needed)) {
      refusals.add(new InstallRefusal.GlibcTooOld(here.orElse(""), needed));
    }
  }

  static boolean older(String here, String needed) {
    return Arrays.compare(numbers(here), numbers(needed)) < 0;
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\D+"))
        .filter(part -> !part.isEmpty() && part.length() < 9)
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private void socketPath() {
    if (paths.socketPathBytes() > HostPaths.SOCKET_PATH_BYTES_MAX) {
      refusals.add(
          new InstallRefusal.SocketPathTooLong(
              paths.socket(HostPaths.LONG_RELEASE),
              paths.socketPathBytes(),
              HostPaths.SOCKET_PATH_BYTES_MAX));
    }
  }

  private boolean writable() {
    List<Path> closed =
        paths.ours().stream()
            .map(Machine::nearestExisting)
            .distinct()
            .filter(path -> !Files.isDirectory(path) || !Files.isWritable(path))
            .toList();
    String user = System.getProperty("user.name");
    closed.forEach(path -> refusals.add(new InstallRefusal.NotWritable(path, user)));
    return closed.isEmpty();
  }

  private void disk(long bytes) throws IOException {
    long free = machine.freeBytes(paths.data());
    if (bytes > 0 && free - SPARE_BYTES < bytes) {
      refusals.add(new InstallRefusal.DiskTooSmall(paths.data(), free, bytes + SPARE_BYTES));
    }
  }

  /**
   * The listeners that could not be opened now.
   *
   * @param asked whether the command has options that choose others
   */
  public static List<InstallRefusal> ports(
      Machine machine, Map<String, Listener> listeners, boolean asked) {
    List<InstallRefusal> refusals = new ArrayList<>();
    new TreeMap<>(listeners)
        .forEach(
            (name, at) ->
                machine
                    .findObstacle(at.address(), at.port())
                    .ifPresent(
                        reason ->
                            refusals.add(
                                new InstallRefusal.PortInUse(
                                    name, at.address(), at.port(), reason, asked))));
    return refusals;
  }
}
