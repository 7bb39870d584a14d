package io.cloister.installer.console;

import io.cloister.installer.Sizes;
import java.time.Duration;
import java.util.Locale;

/** Numbers of bytes and lengths of time as a person reads them. */
public final class Amounts {
  private Amounts() {}

  /** Decimal units, three significant digits: {@code 55.0 MB}. */
  public static String bytes(long bytes) {
    return Sizes.of(bytes);
  }

  /** Minutes and seconds, hours only when there are some: {@code 0:07}, {@code 1:02:03}. */
  public static String time(Duration time) {
    long hours = time.toHours();
    return hours > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", hours, time.toMinutesPart(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", time.toMinutesPart(), time.toSecondsPart());
  }
}
