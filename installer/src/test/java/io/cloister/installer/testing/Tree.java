package io.cloister.installer.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything below a folder: kinds, permissions, links and bytes, to be compared. */
public final class Tree {
  private Tree() {}

  /** Empty when there is no such folder. */
  public static Map<String, String> of(Path folder) throws IOException {
    var entries = new TreeMap<String, String>();
    if (Files.notExists(folder)) {
      return entries;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        entries.put(folder.relativize(path).toString(), describe(path));
      }
    }
    return entries;
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link " + Files.readSymbolicLink(path);
    }
    String mode =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    if (Files.isRegularFile(path)) {
      return mode + " " + Base64.getEncoder().encodeToString(Files.readAllBytes(path));
    }
    return mode;
  }
}
