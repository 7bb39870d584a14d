package io.cloister.repo.media;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The content of an extended header (POSIX.1-2017, pax, "pax Extended Header"): lines {@code LENGTH
 * KEY=VALUE}. Of the keys only {@code path} and {@code size} are allowed.
 */
record PaxRecords(Optional<String> path, OptionalLong size) {
  static final int BYTES_MAX = 1024;

  private static final int SIZE_DIGITS_MAX = 15;

  /** Throws IllegalArgumentException on what is not allowed. */
  static PaxRecords parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Optional<String> path = Optional.empty();
    OptionalLong size = OptionalLong.empty();
    int at = 0;
    while (at < text.length()) {
      int space = text.indexOf(' ', at);
      int end = at + length(text, at, space);
      int equals = text.indexOf('=', space);
      if (end > text.length() || text.charAt(end - 1) != '\n' || equals < 0 || equals >= end) {
        throw new IllegalArgumentException("a broken extended header");
      }
      String value = text.substring(equals + 1, end - 1);
      String key = text.substring(space + 1, equals);
      if (key.equals("path") && path.isEmpty()) {
        path = Optional.of(value);
      } else if (key.equals("size") && size.isEmpty()) {
        size = OptionalLong.of(number(value, SIZE_DIGITS_MAX));
      } else {
        throw new IllegalArgumentException("an extended header with the key " + key);
      }
      at = end;
    }
    return new PaxRecords(path, size);
  }

  private static int length(String text, int at, int space) {
    int length = space < 0 ? 0 : (int) number(text.substring(at, space), 4);
    if (length <= space - at + 1) {
      throw new IllegalArgumentException("a broken extended header");
    }
    return length;
  }

  private static long number(String digits, int digitsMax) {
    if (digits.isEmpty()
        || digits.length() > digitsMax
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("an extended header with a number that is none");
    }
    return Long.parseLong(digits);
  }

  /** One record, whose length counts itself. */
  static byte[] encodePath(String path) {
    int rest = " path=".length() + path.length() + 1;
    int length = rest + Integer.toString(rest).length();
    if (Integer.toString(length).length() > Integer.toString(rest).length()) {
      length++;
    }
    return (length + " path=" + path + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
