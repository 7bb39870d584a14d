package io.cloister.appliance.inference;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries again, after longer and longer pauses, to start what is to serve and does not: what it
 * lacked may have been a slow disk's fault, or a moment's.
 */
final class Retry implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Retry.class.getName());

  private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);

  /** A start reads all files of a model and asks all its golden rows. */
  private static final Duration PAUSE_MAX = Duration.ofMinutes(5);

  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("starts again").factory());
  private final BooleanSupplier start;
  private @Nullable BackOff newest;

  /**
   * @param start answers whether something does not serve still
   */
  Retry(BooleanSupplier start) {
    this.start = start;
    // Closing interrupts nothing: it could be a change of the database.
    clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Begins with short pauses, also where it had come to long ones. */
  synchronized void begin() {
    newest = new BackOff(PAUSE_FIRST, PAUSE_MAX);
    schedule(newest);
  }

  private synchronized void schedule(BackOff backOff) {
    if (backOff == newest && !clock.isShutdown()) {
      var _ =
          clock.schedule(() -> look(backOff), backOff.pause().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look(BackOff backOff) {
    boolean again = true;
    try {
      again = start.getAsBoolean();
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.log(Level.ERROR, "what does not serve is started again later, after a defect", e);
    }
    if (again) {
      schedule(backOff);
    }
  }

  @Override
  public synchronized void close() {
    clock.shutdown();
  }
}
