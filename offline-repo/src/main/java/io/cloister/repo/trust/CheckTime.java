package io.cloister.repo.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time against which expiry is checked, taken once per run: the later of the host clock and the
 * newest signed time ever accepted. A clock that was set back does not revive old metadata.
 *
 * @param clock of the host
 * @param newestSignedAt of what earlier runs accepted
 * @param staleness the site's budget: how long expired metadata is still taken
 */
public record CheckTime(Instant clock, Optional<Instant> newestSignedAt, Duration staleness) {

  /** Without a budget. */
  public static CheckTime of(Instant clock, Optional<Instant> newestSignedAt) {
    return new CheckTime(clock, newestSignedAt, Duration.ZERO);
  }

  /** The later one. */
  public Instant now() {
    return hostClock() ? clock : newestSignedAt.orElseThrow();
  }

  /** Whether the host clock is the later one. */
  public boolean hostClock() {
    return newestSignedAt.isEmpty() || !newestSignedAt.get().isAfter(clock);
  }

  /** Without the signed time: a key that may have signed it was taken away (§5.3.11). */
  public CheckTime byClockAlone() {
    return new CheckTime(clock, Optional.empty(), staleness);
  }

  /** From the stated second on. */
  public boolean isExpired(Instant expires) {
    return !now().isBefore(expires);
  }

  boolean isRefused(Instant expires) {
    return isExpired(expires.plus(staleness));
  }
}
