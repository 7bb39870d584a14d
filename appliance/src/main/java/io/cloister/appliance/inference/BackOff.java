package io.cloister.appliance.inference;

import java.time.Duration;

/**
 * Pauses before a worker is started again: each twice as long as the one before, until a worker has
 * served for a while.
 */
final class BackOff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration MAX = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofMinutes(1);

  private final Duration first;
  private final Duration max;
  private Duration next;

  BackOff() {
    this(FIRST, MAX);
  }

  BackOff(Duration first, Duration max) {
    this.first = first;
    this.max = max;
    this.next = first;
  }

  /** Before the next start. */
  Duration pause() {
    Duration pause = next;
    Duration twice = pause.multipliedBy(2);
    next = twice.compareTo(max) > 0 ? max : twice;
    return pause;
  }

  /** A worker that has ended answered for that long; how long its start took is no part of it. */
  void served(Duration time) {
    if (time.compareTo(STEADY) > 0) {
      next = first;
    }
  }
}
