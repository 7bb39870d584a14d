package io.cloister.installer.host;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Main memory, in bytes.
 *
 * @param total of the machine ({@code MemTotal})
 * @param available without pushing anything out ({@code MemAvailable}, Linux 3.14)
 * @param limit of the whole container that this is; empty on a machine of its own
 * @param ownLimit of this process and what it starts, the container's included
 */
public record Memory(long total, long available, OptionalLong limit, OptionalLong ownLimit) {
  private static final Pattern LINE = Pattern.compile("(?m)^(\\w+):\\s+(\\d{1,15}) kB$");

  /** Not {@code max}, nor the 19 digits that stand for it in the first version. */
  private static final Pattern LIMIT = Pattern.compile("\\d{1,18}");

  /**
   * From the kernel's texts.
   *
   * @param meminfo {@code /proc/meminfo}
   * @param cgroup {@code /proc/self/cgroup}
   * @param hierarchy {@code /sys/fs/cgroup}
   */
  static Memory of(String meminfo, String cgroup, Path hierarchy) {
    long total = kilobytes(meminfo, "MemTotal");
    long available = kilobytes(meminfo, "MemAvailable");
    OptionalLong whole = OptionalLong.empty();
    OptionalLong own = OptionalLong.empty();
    for (String line : cgroup.lines().toList()) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        whole = least(whole, limit(hierarchy.resolve("memory.max")));
        own = least(own, along(hierarchy, parts[2], "memory.max"));
      } else if (parts.length == 3 && parts[1].equals("memory")) {
        Path top = hierarchy.resolve("memory");
        whole = least(whole, limit(top.resolve("memory.limit_in_bytes")));
        own = least(own, along(top, parts[2], "memory.limit_in_bytes"));
      }
    }
    return new Memory(total, available, whole, least(own, whole));
  }

  private static long kilobytes(String meminfo, String name) {
    Matcher lines = LINE.matcher(meminfo);
    while (lines.find()) {
      if (lines.group(1).equals(name)) {
        return Long.parseLong(lines.group(2)) << 10;
      }
    }
    return 0;
  }

  /** Of a group and all above it: each bounds those below. */
  private static OptionalLong along(Path top, String group, String file) {
    OptionalLong least = OptionalLong.empty();
    Path here = top.resolve(group.substring(1)).normalize();
    while (here.startsWith(top)) {
      least = least(least, limit(here.resolve(file)));
      here = here.resolveSibling("").normalize();
    }
    return least;
  }

  private static OptionalLong limit(Path file) {
    String text = KernelText.read(file);
    return LIMIT.matcher(text).matches()
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static OptionalLong least(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent()
        ? OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()))
        : one.isPresent() ? one : other;
  }
}
