package io.cloister.repo.media;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The names in a bundle, case ignored: no file twice, and none that is a folder too, for then what
 * is unpacked would depend on the program that does it. Bounded in memory.
 */
final class MemberNames {
  /** All names are kept, each with some bytes more than its characters. */
  private static final long BYTES_MAX = 128L << 20;

  private static final int NAME_BYTES = 200;

  private final Set<String> files = new HashSet<>();
  private final Set<String> folders = new HashSet<>();
  private long bytes;

  /** Throws IllegalArgumentException where a file or folder has the name already. */
  void addFile(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    charge(plain);
    if (!files.add(plain)) {
      throw new IllegalArgumentException("a second file of this name");
    }
    if (folders.contains(plain)) {
      throw twice(plain);
    }
    addFoldersOf(plain);
  }

  /** Throws IllegalArgumentException where a file has the name; a folder may come again. */
  void addFolder(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    addFoldersOf(plain.endsWith("/") ? plain : plain + "/");
  }

  /** Innermost first: where one is known, those around it are. */
  private void addFoldersOf(String name) {
    int slash = name.lastIndexOf('/');
    while (slash > 0 && addNew(name.substring(0, slash))) {
      slash = name.lastIndexOf('/', slash - 1);
    }
  }

  private boolean addNew(String folder) {
    if (files.contains(folder)) {
      throw twice(folder);
    }
    if (folders.contains(folder)) {
      return false;
    }
    charge(folder);
    return folders.add(folder);
  }

  private void charge(String name) {
    bytes += name.length() + NAME_BYTES;
    if (bytes > BYTES_MAX) {
      throw new IllegalArgumentException("more names than are kept in memory");
    }
  }

  private static IllegalArgumentException twice(String name) {
    return new IllegalArgumentException(name + " is a file and a folder");
  }
}
