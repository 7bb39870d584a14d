package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The oldest glibc on which every program and library of a folder can be loaded: the newest version
 * that any of them needs.
 *
 * @param minor the y of {@code 2.y}; glibc has been at 2 since 1997
 * @param neededBy the file that needs it
 */
public record OldestGlibc(int minor, Path neededBy) {
  private static final Pattern GLIBC = Pattern.compile("GLIBC_2\\.(\\d+)(\\.\\d+)?");

  /** Reads every ELF file below a folder. */
  public static OldestGlibc of(Path folder) throws IOException {
    Optional<OldestGlibc> oldest = Optional.empty();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        if (Elf.isElf(path)) {
          var here = new OldestGlibc(newest(path), folder.relativize(path));
          oldest =
              Stream.concat(oldest.stream(), Stream.of(here))
                  .max(Comparator.comparingInt(OldestGlibc::minor));
        }
      }
    }
    return oldest.orElseThrow(() -> new IOException("no program and no library in " + folder));
  }

  private static int newest(Path path) throws IOException {
    return Elf.neededVersions(path).stream()
        .map(GLIBC::matcher)
        .filter(Matcher::matches)
        .mapToInt(match -> Integer.parseInt(match.group(1)))
        .max()
        .orElse(0);
  }

  /** As in {@code ldd --version}: {@code 2.34}. */
  public String version() {
    return "2." + minor;
  }
}
