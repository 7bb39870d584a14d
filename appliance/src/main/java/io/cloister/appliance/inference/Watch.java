package io.cloister.appliance.inference;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps the time limits of the runners that serve, and of those that are being stopped; sees who
 * waits no more.
 */
final class Watch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Watch.class.getName());
  private static final Duration PERIOD = Duration.ofMillis(50);

  /** For a worker to end in, once it has answered. */
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("deadlines").factory());
  private final Set<ModelRunner> stopping = ConcurrentHashMap.newKeySet();
  private final Supplier<View> serving;
  private final Duration limit;

  /**
   * @param requestTime after which nobody waits for an answer of a runner that serves no more
   */
  Watch(Supplier<View> serving, Duration requestTime) {
    this.serving = serving;
    this.limit = requestTime.plus(END_LIMIT);
  }

  Watch start() {
    var _ =
        clock.scheduleWithFixedDelay(
            this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  private void look() {
    try {
      serving.get().runners().values().forEach(ModelRunner::endOverdue);
      stopping.forEach(ModelRunner::endOverdue);
    } catch (RuntimeException | Error e) {
      // What is thrown here would end the clock.
      LOG.log(Level.ERROR, "deadlines are looked at again after a defect", e);
    }
  }

  /** Has them answer what they have, and ends them; at once when the wait is interrupted. */
  void stop(Collection<ModelRunner> runners) throws InterruptedException {
    stopping.addAll(runners);
    try {
      for (ModelRunner each : runners) {
        each.stop(limit);
      }
    } finally {
      runners.forEach(ModelRunner::end);
      runners.forEach(stopping::remove);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
