package io.cloister.installer.preflight;

import java.util.Locale;

/** Bytes as people read them. */
final class Sizes {
  private Sizes() {}

  /** E.g. {@code 1.5 GiB}, {@code 900 MiB}, {@code 17 KiB}. */
  static String of(long bytes) {
    if (bytes >= 10L << 30) {
      return (bytes >> 30) + " GiB";
    }
    if (bytes >= 1L << 30) {
      return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / (1L << 30));
    }
    return bytes >= 1L << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
