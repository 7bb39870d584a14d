package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding.MemoryScarce;
import io.cloister.installer.HostFinding.MemoryTooSmall;
import io.cloister.installer.Sizes;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Memory;
import java.util.OptionalLong;

/** Whether the service and its models fit into memory. */
record MemoryCheck(Memory memory, HostPaths paths) {
  /**
   * The service's heap of 512 MB, what a JVM takes beside its heap, and one worker with a small
   * model; a machine sold as 1 GiB has a little less.
   */
  private static final long LEAST = 900_000_000;

  /** That, and what the operating system needs to stay quick. */
  private static final long ADVISED = 1_800_000_000;

  /** Not in use by others at this moment. */
  private static final long AVAILABLE = 700_000_000;

  /**
   * Looks.
   *
   * @param modelBytes of new models, which are in memory while they are loaded
   */
  Check look(long modelBytes) {
    // systemd starts the service outside the operator's session and its bounds.
    OptionalLong limit = paths.isHost() ? memory.limit() : memory.ownLimit();
    long bytes = Math.min(memory.total(), limit.orElse(Long.MAX_VALUE));
    String where = bytes == memory.total() ? "machine" : "container";
    long advised = ADVISED + modelBytes;
    String found =
        "%s, %s free".formatted(Sizes.of(bytes), Sizes.of(Math.min(bytes, memory.available())));
    String needed = "%s; advised: %s".formatted(Sizes.of(LEAST), Sizes.of(advised));
    if (bytes < LEAST) {
      return Check.unfit("memory", found, needed, new MemoryTooSmall(where, bytes, LEAST));
    }
    if (bytes < advised) {
      return Check.warning("memory", found, needed, new MemoryScarce(where, bytes, advised));
    }
    if (memory.available() < AVAILABLE + modelBytes) {
      return Check.warning(
          "memory",
          found,
          Sizes.of(AVAILABLE + modelBytes) + " free",
          new MemoryScarce("free", memory.available(), AVAILABLE + modelBytes));
    }
    return Check.ok("memory", found, needed);
  }
}
