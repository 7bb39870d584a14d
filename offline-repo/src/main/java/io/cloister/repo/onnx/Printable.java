package io.cloister.repo.onnx;

/** Names from a file, for one line on a terminal. */
final class Printable {
  private static final int CHARS_MAX = 80;

  private Printable() {}

  /** Without what moves a cursor or turns text around, and cut to a length. */
  static String of(String name) {
    String safe = name.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}]+", "?");
    return safe.length() > CHARS_MAX ? safe.substring(0, CHARS_MAX) + "…" : safe;
  }
}
