package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding.LimitsLow;
import io.cloister.installer.HostFinding.LimitsLow.Low;
import io.cloister.installer.HostFinding.NameUnwritable;
import io.cloister.installer.HostFinding.UmaskNarrow;
import io.cloister.installer.Sizes;
import io.cloister.installer.host.Facts;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What this command was started with, and passes on to the service below {@code --root}. */
record ProcessChecks(Facts facts, HostPaths paths) {
  /** Others read what is installed: the service is a user of its own. */
  private static final int UMASK_OF_HOST = 0022;

  /** Below a folder the service is the same user. */
  private static final int UMASK_BELOW_ROOT = 0077;

  /** The Java runtime's own longest file, and the start-up archive. */
  private static final long FILE_BYTES_MIN = 256L << 20;

  /** A JVM reserves more addresses than it uses (heap, classes, code). */
  private static final long ADDRESS_BYTES_MIN = 8L << 30;

  private static final long DATA_BYTES_MIN = 2L << 30;
  private static final long OPEN_FILES_MIN = 4096;
  private static final long PROCESSES_MIN = 1024;

  Check umask() {
    int widest = paths.isHost() ? UMASK_OF_HOST : UMASK_BELOW_ROOT;
    String needed = "%04o or less".formatted(widest);
    OptionalInt here = facts.credentials().umask();
    if (here.isEmpty()) {
      return Check.ok("umask", "unknown", needed);
    }
    String found = "%04o".formatted(here.getAsInt());
    return (here.getAsInt() & ~widest) == 0
        ? Check.ok("umask", found, needed)
        : Check.warning("umask", found, needed, new UmaskNarrow(here.getAsInt(), widest));
  }

  /** Units have limits of their own; the files are written by this very process. */
  Check limits(long fileBytesMax) {
    List<Low> hard = new ArrayList<>();
    long file = Math.max(FILE_BYTES_MIN, fileBytesMax);
    add(hard, Limits.FILE_BYTES, "-f", 1024, file);
    if (!paths.isHost()) {
      add(hard, Limits.ADDRESS_BYTES, "-v", 1024, ADDRESS_BYTES_MIN);
      add(hard, Limits.DATA_BYTES, "-d", 1024, DATA_BYTES_MIN);
    }
    if (!hard.isEmpty()) {
      return Check.unfit("limits", found(hard), needed(hard), new LimitsLow(hard, true));
    }
    List<Low> low = new ArrayList<>();
    if (!paths.isHost()) {
      // A JVM raises its limit of open files by itself, as far as it may.
      addIfLow(low, Limits.OPEN_FILES, "-n", limit(Limits.OPEN_FILES).hard(), 1, OPEN_FILES_MIN);
      if (!facts.credentials().isRoot()) {
        add(low, Limits.PROCESSES, "-u", 1, PROCESSES_MIN);
      }
    }
    return low.isEmpty()
        ? Check.ok("limits", "high enough", "files of " + Sizes.of(file))
        : Check.warning("limits", found(low), needed(low), new LimitsLow(low, false));
  }

  private Limits.Limit limit(String name) {
    return facts.limits().get(name);
  }

  private void add(List<Low> low, String name, String option, long unit, long needed) {
    addIfLow(low, name, option, limit(name).soft(), unit, needed);
  }

  /** In the unit that the shell's {@code ulimit} has for it. */
  private static void addIfLow(
      List<Low> low, String name, String option, long here, long unit, long needed) {
    if (here < needed) {
      low.add(new Low(name, option, here / unit, (needed + unit - 1) / unit));
    }
  }

  private static String found(List<Low> low) {
    return String.join(
        ", ", low.stream().map(l -> "ulimit %s %d".formatted(l.option(), l.found())).toList());
  }

  private static String needed(List<Low> low) {
    return String.join(
        ", ", low.stream().map(l -> "ulimit %s %d".formatted(l.option(), l.needed())).toList());
  }

  /** In the current folder's path Java writes a question mark for what it could not read. */
  private boolean isMaimed(String text) {
    return !facts.fileNames().equals(StandardCharsets.UTF_8)
        && (text.contains("?") || text.contains("\uFFFD"));
  }

  /** The unit's locale is its own; the paths that were typed are read in this one. */
  Check locale() {
    String encoding = facts.fileNames().name();
    String text = paths.root().toString();
    boolean writable = facts.fileNames().newEncoder().canEncode(text) && !isMaimed(text);
    return writable
        ? Check.ok("locale", encoding, "can write the paths")
        : Check.unfit("locale", encoding, "UTF-8", new NameUnwritable(text, encoding));
  }
}
