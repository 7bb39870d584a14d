package io.cloister.appliance.observe;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds how many lines a caller can make the log grow by; the rest is counted, and told. */
final class LogPace {
  private static final long LINES_PER_WINDOW = 100;
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  private final AtomicLong untold = new AtomicLong();
  private long begun = Long.MIN_VALUE;
  private long lines;

  /**
   * Whether one more line is written.
   *
   * @param now of {@link System#nanoTime}
   */
  synchronized boolean admits(long now) {
    if (begun == Long.MIN_VALUE || now - begun >= WINDOW_NANOS) {
      begun = now;
      lines = 0;
    }
    lines++;
    boolean admitted = lines <= LINES_PER_WINDOW;
    if (!admitted) {
      untold.incrementAndGet();
    }
    return admitted;
  }

  /** How many were not written since this was asked last. */
  long takeUntold() {
    return untold.getAndSet(0);
  }
}
