package io.cloister.repo.content;

import java.util.Arrays;
import java.util.regex.Pattern;

/** The rules for every file name that a manifest states and every path read from a medium. */
public final class FileName {
  /** Bytes, which are characters here. */
  public static final int LENGTH_MAX = 255;

  private static final Pattern PACKED = Pattern.compile("[A-Za-z0-9._+@/-]+");
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._+@%~-]+");

  private FileName() {}

  /**
   * Returns a name that a package may hold: as {@link #check}, and without the two characters that
   * only encoded names of delegated roles need, {@code %} and {@code ~}.
   */
  public static String checkPacked(String name) {
    if (!PACKED.matcher(check(name)).matches()) {
      throw new IllegalArgumentException("not a plain relative file name: " + name);
    }
    return name;
  }

  /**
   * Returns the name. Throws IllegalArgumentException unless it is relative, {@code /}-separated,
   * of segments of {@code [A-Za-z0-9._+@%~-]} that do not start with two dots, are not {@code .}
   * and do not end with a dot.
   */
  public static String check(String name) {
    if (name.isEmpty() || name.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("a file name has 1 to " + LENGTH_MAX + " characters");
    }
    for (String segment : name.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches()
          || segment.startsWith("..")
          || segment.endsWith(".")) {
        throw new IllegalArgumentException("not a plain relative file name: " + name);
      }
    }
    return name;
  }

  /** The folders above a file, outermost first: {@code a, a/b} for {@code a/b/c}. */
  static Iterable<String> folders(String name) {
    String[] segments = name.split("/", -1);
    String[] folders = new String[segments.length - 1];
    for (int i = 0; i < folders.length; i++) {
      folders[i] = String.join("/", Arrays.copyOf(segments, i + 1));
    }
    return Arrays.asList(folders);
  }
}
