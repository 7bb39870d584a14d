package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The C++ and compiler run-time libraries that ONNX Runtime needs, from the host that builds. */
final class NativeLibraries {
  static final String GCC_LICENCE = "GPL-3.0-or-later-WITH-GCC-exception-3.1";

  private static final List<String> NAMES = List.of("libstdc++.so.6", "libgcc_s.so.1");

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib64"));

  private NativeLibraries() {}

  /** Copies them, links followed; returns the copies. */
  static List<Path> copy(Path folder) throws IOException {
    for (String name : NAMES) {
      Files.copy(find(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    return NAMES.stream().map(folder::resolve).toList();
  }

  private static Path find(String name) throws IOException {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IOException(name + " is in none of " + FOLDERS));
  }
}
