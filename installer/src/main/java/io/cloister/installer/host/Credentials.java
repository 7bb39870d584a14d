package io.cloister.installer.host;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As whom this process works.
 *
 * @param user effective user id
 * @param group effective group id
 * @param umask permissions that new files do not get; empty before Linux 4.7
 */
public record Credentials(long user, long group, OptionalInt umask) {
  private static final Pattern LINE =
      Pattern.compile("(?m)^(Uid|Gid|Umask):\\s+(\\d+)(?:\\s+(\\d+))?");

  /** The superuser. */
  public boolean isRoot() {
    return user == 0;
  }

  /** From {@code /proc/self/status}. */
  static Credentials parse(String status) {
    long user = 0;
    long group = 0;
    OptionalInt umask = OptionalInt.empty();
    Matcher line = LINE.matcher(status);
    while (line.find()) {
      String effective = line.group(3) == null ? line.group(2) : line.group(3);
      switch (line.group(1)) {
        case "Uid" -> user = Long.parseLong(effective);
        case "Gid" -> group = Long.parseLong(effective);
        default -> umask = OptionalInt.of(Integer.parseInt(line.group(2), 8));
      }
    }
    return new Credentials(user, group, umask);
  }
}
