package io.cloister.repo.trust;

import java.time.Instant;
import java.util.Optional;

/**
 * The time against which expiry is checked, taken once per run: the later of the host clock and the
 * newest signed time ever accepted. A clock that was set back does not revive old metadata.
 *
 * @param hostClock whether the host clock was the later one
 */
public record CheckTime(Instant now, boolean hostClock) {

  public static CheckTime of(Instant clock, Optional<Instant> newestSignedAt) {
    boolean host = newestSignedAt.isEmpty() || !newestSignedAt.get().isAfter(clock);
    return new CheckTime(host ? clock : newestSignedAt.get(), host);
  }
}
