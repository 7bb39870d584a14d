package io.cloister.installer.console;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Where a step stands, taken at one moment.
 *
 * @param what the step
 * @param doing the part of it in hand, e.g. a file name; empty where there is none
 * @param bytes done
 * @param bytesTotal empty where nobody can know
 * @param elapsed since the step began
 * @param bytesPerSecond lately
 */
record StepState(
    String what,
    String doing,
    long bytes,
    OptionalLong bytesTotal,
    Duration elapsed,
    double bytesPerSecond) {

  /** 0 to 1; more bytes than announced count as all. */
  double fraction() {
    long total = bytesTotal.orElse(0);
    return total <= 0 ? 0 : Math.clamp((double) bytes / total, 0, 1);
  }

  /** At the present rate; negative where it cannot be told. */
  long secondsLeft() {
    if (bytesTotal.isEmpty() || bytesPerSecond < 1) {
      return -1;
    }
    double left = (bytesTotal.getAsLong() - bytes) / bytesPerSecond;
    return left < 0 || left > Duration.ofDays(10).toSeconds() ? -1 : (long) Math.ceil(left);
  }

  /** {@code 12.3 MB of 55.0 MB}; empty where no bytes are counted. */
  String amount() {
    if (bytesTotal.isEmpty()) {
      return bytes > 0 ? Amounts.bytes(bytes) : "";
    }
    return Amounts.bytes(bytes) + " of " + Amounts.bytes(bytesTotal.getAsLong());
  }

  /** {@code , 55.0 MB in 0:03}, or the time alone where no bytes were counted. */
  String outcome() {
    String time = " in " + Amounts.time(elapsed);
    return bytes > 0 ? ", " + Amounts.bytes(bytes) + time : time;
  }
}
