package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Libraries beyond glibc that native code needs, taken from the host that builds, so that nothing
 * but glibc is needed where it runs: ONNX Runtime wants the C++ library; a distribution's Java may
 * also want zlib.
 */
final class HostLibraries {
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib64"));

  private static final Pattern GLIBC =
      Pattern.compile("(libc|libm|libdl|libpthread|librt|ld-linux-x86-64)\\.so\\.\\d+");

  private static final Path DPKG_STATUS = Path.of("/var/lib/dpkg/status");
  private static final Path OS_RELEASE = Path.of("/etc/os-release");

  private static final String GCC = "GPL-3.0-or-later-WITH-GCC-exception-3.1";
  private static final String FREE_SOFTWARE = "Copyright (c) Free Software Foundation, Inc.";

  /** A library that may come from the host, and the name of Debian's package of it. */
  private record Known(Pattern name, String debian, String licence, String copyright) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(Pattern.compile("libstdc\\+\\+\\.so\\.6"), "libstdc++6", GCC, FREE_SOFTWARE),
          new Known(Pattern.compile("libgcc_s\\.so\\.1"), "libgcc-s1", GCC, FREE_SOFTWARE),
          new Known(
              Pattern.compile("libz\\.so\\.1"),
              "zlib1g",
              "Zlib",
              "Copyright (c) 1995-2024 Jean-loup Gailly and Mark Adler"));

  /**
   * A library that was taken from the host.
   *
   * @param file relative to the release folder
   * @param licence the name of a text in {@code licenses/}
   * @param from empty where the host's distribution does not use dpkg
   */
  record Found(Path file, String licence, String copyright, Optional<HostPackage> from) {}

  private HostLibraries() {}

  /**
   * Copies into a folder what the programs and libraries below another need and do not find there.
   */
  static void complete(Path code, Path folder) throws IOException {
    Deque<Path> unread = new ArrayDeque<>();
    Set<String> present = new HashSet<>();
    for (Path file : Folders.files(code)) {
      if (Elf.isElf(code.resolve(file))) {
        unread.add(code.resolve(file));
        present.add(file.getFileName().toString());
        present.addAll(Elf.soname(code.resolve(file)));
      }
    }
    while (!unread.isEmpty()) {
      for (String name : missing(unread.remove(), present)) {
        Path copy = folder.resolve(name);
        Files.copy(find(name), copy, StandardCopyOption.REPLACE_EXISTING);
        present.add(name);
        unread.add(copy);
      }
    }
  }

  /** The libraries of a release that came from the host. */
  static List<Found> in(Path release) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path file : Folders.files(release)) {
      for (Known known : KNOWN) {
        if (known.name().matcher(file.getFileName().toString()).matches()) {
          var from = HostPackage.find(known.debian(), DPKG_STATUS, OS_RELEASE);
          found.add(new Found(file, known.licence(), known.copyright(), from));
        }
      }
    }
    return found;
  }

  private static Set<String> missing(Path library, Set<String> present) throws IOException {
    Set<String> needed = Elf.neededLibraries(library);
    needed.removeIf(name -> GLIBC.matcher(name).matches() || present.contains(name));
    return needed;
  }

  private static Path find(String name) throws IOException {
    if (KNOWN.stream().noneMatch(known -> known.name().matcher(name).matches())) {
      throw new IOException("native code needs " + name + ", whose licence is not known here");
    }
    return FOLDERS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IOException(name + " is in none of " + FOLDERS));
  }
}
