package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A mounted file system.
 *
 * @param point where
 * @param type e.g. {@code ext4}
 * @param options of the mount and of the file system, e.g. {@code noexec}, {@code ro}
 */
public record Mount(Path point, String type, Set<String> options) {
  static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  public Mount {
    options = Set.copyOf(options);
  }

  /**
   * From {@code /proc/self/mountinfo} (proc(5)); lines of another form are left out.
   *
   * @return in the order they were mounted: a later one hides an earlier one
   */
  static List<Mount> parse(String mountinfo) {
    return mountinfo.lines().map(Mount::line).flatMap(Optional::stream).toList();
  }

  private static Optional<Mount> line(String line) {
    String[] halves = line.split(" - ", 2);
    String[] mount = halves[0].split(" ", -1);
    if (halves.length < 2 || mount.length < 6 || !mount[4].startsWith("/")) {
      return Optional.empty();
    }
    String[] system = halves[1].split(" ", -1);
    Set<String> options = new HashSet<>(List.of(mount[5].split(",")));
    if (system.length > 2) {
      options.addAll(List.of(system[2].split(",")));
    }
    return Optional.of(new Mount(Path.of(unescaped(mount[4])), system[0], options));
  }

  /** Blanks, tabs, line feeds and backslashes of a path are written in octal. */
  private static String unescaped(String text) {
    return OCTAL
        .matcher(text)
        .replaceAll(
            octal ->
                java.util.regex.Matcher.quoteReplacement(
                    Character.toString(Integer.parseInt(octal.group(1), 8))));
  }

  /** Whether something is mounted at this very folder, which is there. */
  static boolean isAt(Path folder) throws IOException {
    Path real = Command.file(folder).toPath().toRealPath();
    return parse(KernelText.read(MOUNTS)).stream().anyMatch(mount -> mount.point().equals(real));
  }

  /** The one that holds a path without symbolic links; empty in a chroot that shows none. */
  static Optional<Mount> find(List<Mount> mounts, Path path) {
    Optional<Mount> found = Optional.empty();
    for (Mount mount : mounts) {
      boolean deeper =
          found.isEmpty() || mount.point().getNameCount() >= found.get().point().getNameCount();
      if (path.startsWith(mount.point()) && deeper) {
        found = Optional.of(mount);
      }
    }
    return found;
  }
}
