package io.cloister.installer.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process is meant. Its id alone does not say: ids are used again. Its command line does not
 * either: while it becomes another program the kernel shows none of it, or halves of two. The tick
 * it was started in never changes, and a machine has one such tick in each boot (proc(5), stat,
 * field 22, and sys/kernel/random/boot_id).
 */
record ProcessIdentity(long pid, String startTick, String boot) {
  private static final int START_TICK_AFTER_NAME = 19;
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Empty when there is no such process, or only what is left of one (state Z). */
  static Optional<ProcessIdentity> find(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return afterName[0].equals("Z")
          ? Optional.empty()
          : Optional.of(
              new ProcessIdentity(
                  pid, afterName[START_TICK_AFTER_NAME], Files.readString(BOOT).strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads what {@link #line} wrote; empty when it is anything else. */
  static Optional<ProcessIdentity> parse(String line) {
    String[] words = line.strip().split(" ", -1);
    try {
      return words.length == 3
          ? Optional.of(new ProcessIdentity(Long.parseLong(words[0]), words[1], words[2]))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  String line() {
    return pid + " " + startTick + " " + boot + "\n";
  }

  boolean lives() {
    return find(pid).filter(this::equals).isPresent();
  }
}
