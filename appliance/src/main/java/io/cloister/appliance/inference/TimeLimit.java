package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelRefused;
import java.time.Duration;
import java.util.Optional;

/** Interrupts the thread that set it when its time is over, whatever that thread waits for. */
final class TimeLimit implements AutoCloseable {
  private final Thread worker = Thread.currentThread();
  private final Thread clock = Thread.ofVirtual().name("time limit").unstarted(this::await);
  private final long endNanos;
  private boolean over;
  private boolean closed;

  /** What takes a while. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws ModelRefused, InterruptedException;
  }

  private TimeLimit(long endNanos) {
    this.endNanos = endNanos;
  }

  /**
   * Does that; empty when the time is over before it is done.
   *
   * @param endNanos as of {@link System#nanoTime}
   */
  static <T> Optional<T> run(long endNanos, Work<T> work)
      throws ModelRefused, InterruptedException {
    try (TimeLimit limit = new TimeLimit(endNanos)) {
      limit.clock.start();
      try {
        return Optional.of(work.run());
      } catch (ModelRefused | InterruptedException | RuntimeException e) {
        // An interrupted read or a worker that is closed under way fails in its own words.
        if (limit.over()) {
          return Optional.empty();
        }
        throw e;
      }
    }
  }

  private void await() {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())));
    } catch (InterruptedException e) {
      return;
    }
    end();
  }

  private synchronized void end() {
    if (!closed) {
      over = true;
      worker.interrupt();
    }
  }

  private synchronized boolean over() {
    return over;
  }

  /** The thread goes on without the interrupt that was made here. */
  @Override
  public synchronized void close() {
    closed = true;
    clock.interrupt();
    if (over) {
      Thread.interrupted();
    }
  }
}
