package io.cloister.bundle.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files that people write, relative to the root of the source tree. */
final class SourceTree {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> MODULES =
      List.of("offline-repo", "installer", "appliance", "bundle");

  private SourceTree() {}

  static List<Path> java() {
    return MODULES.stream()
        .flatMap(module -> files(module + "/src", name -> name.endsWith(".java")).stream())
        .toList();
  }

  static List<Path> documents() {
    return Stream.concat(
            Stream.of("README.md").map(Path::of).filter(file -> Files.exists(ROOT.resolve(file))),
            files("docs", name -> name.endsWith(".md")).stream())
        .toList();
  }

  static List<Path> scripts() {
    return files("scripts", name -> true).stream()
        .filter(file -> file.getNameCount() == 2)
        .toList();
  }

  /** What scripts share: sourced, never run. */
  static List<Path> scriptParts() {
    return files("scripts/lib", name -> name.endsWith(".sh"));
  }

  static String text(Path file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(String folder, Predicate<String> named) {
    if (!Files.isDirectory(ROOT.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(ROOT.resolve(folder))) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> named.test(path.getFileName().toString()))
          .map(ROOT::relativize)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
