package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding.DiskSlow;
import io.cloister.installer.HostFinding.DiskTooSmall;
import io.cloister.installer.HostFinding.DiskTooSmall.Room;
import io.cloister.installer.HostFinding.NoExec;
import io.cloister.installer.Sizes;
import io.cloister.installer.host.Facts;
import io.cloister.installer.host.ForceTime;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import io.cloister.installer.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The disks that programs and data go to. */
record DiskChecks(Machine machine, Facts facts, HostPaths paths) {
  /**
   * Beside what a plan writes: the start-up archive here, metadata, the database and logs there.
   */
  private static final long SPARE_BYTES = 128L << 20;

  /** A disk that turns takes 10 ms or 20. */
  private static final Duration FORCE_MAX = Duration.ofMillis(50);

  Check programsStart() throws IOException {
    Path programs = paths.programs();
    Path nearest = Machine.nearestExisting(programs);
    String needed = "a disk without noexec";
    Optional<Mount> mount =
        Files.exists(nearest) ? facts.findMount(nearest.toRealPath()) : Optional.empty();
    return mount.isPresent() && mount.get().options().contains("noexec")
        ? Check.unfit(
            "programs",
            mount.get().point() + " is noexec",
            needed,
            new NoExec(programs, mount.get().point()))
        : Check.ok("programs", "can be started", needed);
  }

  /** Programs and data may have a disk each, or one for both. */
  Check room(Need need, boolean reachable) throws IOException {
    long programBytes = need.release().map(Need.Release::bytes).orElse(0L);
    if (!reachable) {
      return Check.ok("disk space", "not measured", "folders that can be written");
    }
    Room programs = room(paths.programs(), programBytes);
    Room data = room(paths.data(), need.modelBytes());
    boolean one =
        disk(Machine.nearestExisting(paths.programs()))
            .equals(disk(Machine.nearestExisting(paths.data())));
    List<Room> rooms =
        one
            ? List.of(
                new Room(
                    paths.data(), data.bytesFree(), programs.bytesNeeded() + data.bytesNeeded()))
            : List.of(programs, data);
    boolean writes = programBytes + need.modelBytes() > 0;
    List<Room> small =
        rooms.stream().filter(room -> writes && room.bytesFree() < room.bytesNeeded()).toList();
    String found = words(rooms.stream().map(Room::bytesFree).toList()) + " free";
    String needed = writes ? words(rooms.stream().map(Room::bytesNeeded).toList()) : "MEDIA says";
    return small.isEmpty()
        ? Check.ok("disk space", found, needed)
        : Check.unfit("disk space", found, needed, new DiskTooSmall(small));
  }

  /** Its device number (stat(2)): a FileStore looks for mount points, which a chroot has not. */
  private static Object disk(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }

  private Room room(Path path, long bytes) throws IOException {
    return new Room(path, machine.freeBytes(path), bytes + SPARE_BYTES);
  }

  private static String words(List<Long> bytes) {
    List<String> words = new ArrayList<>();
    bytes.forEach(each -> words.add(Sizes.of(each)));
    return String.join(" and ", words);
  }

  /** Of the disk with the data: the database and the audit trail wait for it. */
  Check speed(LongSupplier nanoTime, boolean reachable) throws IOException {
    String needed = FORCE_MAX.toMillis() + " ms or less";
    if (!reachable) {
      return Check.ok("disk speed", "not measured", needed);
    }
    Path folder = Machine.nearestExisting(paths.data());
    Duration force;
    try {
      force = ForceTime.measure(folder, nanoTime);
    } catch (IOException e) {
      // A full disk is told by its own check, with both values.
      return Check.ok("disk speed", "not measured: " + e.getMessage(), needed);
    }
    String found = String.format(Locale.ROOT, "%.1f ms", force.toNanos() / 1e6);
    return force.compareTo(FORCE_MAX) <= 0
        ? Check.ok("disk speed", found, needed)
        : Check.warning("disk speed", found, needed, new DiskSlow(folder, force, FORCE_MAX));
  }
}
