package io.cloister.repo.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time against which expiry is checked, taken once per run: the later of the host clock and the
 * newest signed time ever accepted. A clock that was set back does not revive old metadata.
 *
 * @param hostClock whether the host clock was the later one
 * @param staleness the site's budget: how long expired metadata is still taken
 */
public record CheckTime(Instant now, boolean hostClock, Duration staleness) {

  /** Without a budget. */
  public static CheckTime of(Instant clock, Optional<Instant> newestSignedAt) {
    return of(clock, newestSignedAt, Duration.ZERO);
  }

  public static CheckTime of(Instant clock, Optional<Instant> newestSignedAt, Duration staleness) {
    boolean host = newestSignedAt.isEmpty() || !newestSignedAt.get().isAfter(clock);
    return new CheckTime(host ? clock : newestSignedAt.get(), host, staleness);
  }

  /** From the stated second on. */
  public boolean isExpired(Instant expires) {
    return !now.isBefore(expires);
  }

  boolean isRefused(Instant expires) {
    return isExpired(expires.plus(staleness));
  }
}
