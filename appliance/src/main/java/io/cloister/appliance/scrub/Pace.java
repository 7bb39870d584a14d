package io.cloister.appliance.scrub;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps reading below a number of bytes per second; of one thread. Others may ask for the sum. */
final class Pace {
  private final long bytesPerSecond;
  private long start = System.nanoTime();
  private long taken;
  private final AtomicLong total = new AtomicLong();

  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits as long as those bytes take. */
  void take(long bytes) throws InterruptedIOException {
    total.addAndGet(bytes);
    taken += bytes;
    long due = (long) ((double) taken / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
    long early = due - (System.nanoTime() - start);
    if (early <= 0) {
      // What was not used up is not saved for later.
      start = System.nanoTime();
      taken = 0;
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(early);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it is being stopped");
    }
  }

  /** Bytes since the beginning. */
  long total() {
    return total.get();
  }
}
