package io.cloister.appliance.http2;

import java.time.Duration;

/**
 * Counts what costs a caller little and brings nothing: streams that are reset or refused, frames
 * without content. Read by one thread only.
 */
final class Calm {
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final int most;
  private long start = System.nanoTime();
  private int count;

  /**
   * @param most of it in ten seconds
   */
  Calm(int most) {
    this.most = most;
  }

  /** So many of them had a cause. */
  void forgive(long caused) {
    count = (int) Math.max(0, count - caused);
  }

  void count(String what) throws ConnectionFault {
    long now = System.nanoTime();
    if (now - start > PERIOD.toNanos()) {
      start = now;
      count = 0;
    }
    if (++count > most) {
      throw new ConnectionFault(
          ErrorCode.ENHANCE_YOUR_CALM,
          "more than %d %s in %d s".formatted(most, what, PERIOD.toSeconds()));
    }
  }
}
