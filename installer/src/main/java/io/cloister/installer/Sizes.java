package io.cloister.installer;

import java.util.Locale;

/** Numbers of bytes as a person reads them. */
public final class Sizes {
  private Sizes() {}

  /** Decimal units, one digit after the point: {@code 55.0 MB}. */
  public static String of(long bytes) {
    String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
      return bytes + " B";
    }
    double scaled = bytes / 1000.0;
    int unit = 0;
    while (scaled >= 999.95 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, units[unit]);
  }
}
