package io.cloister.bundle.assemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Whole folders: list, copy, delete. */
final class Folders {
  private Folders() {}

  /** Every file below a folder, relative to it, in the order of the names' UTF-16 units. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(Files::isRegularFile)
          .map(folder::relativize)
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  /** Copies the chosen files with their permissions; the destination is made. */
  static void copy(Path from, Path to, Predicate<Path> chosen) throws IOException {
    for (Path file : files(from)) {
      if (chosen.test(file)) {
        Path copy = to.resolve(file);
        Files.createDirectories(copy.getParent());
        Files.copy(
            from.resolve(file),
            copy,
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Deletes a folder with all it holds; nothing happens when it is not there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(Folders::deleteOne);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void deleteOne(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
