package io.cloister.repo.trust;

import java.time.Duration;

/**
 * What a site decides about trust by itself; the vendor's signatures decide all else.
 *
 * @param signatures asked of every signature check
 * @param staleness how long after its expiry metadata is still taken: a budget for places that new
 *     media reach late. Zero by default, for within it a freeze attack goes unseen.
 */
public record SitePolicy(SignaturePolicy signatures, Duration staleness) {
  /** The longest budget that a site may give itself. */
  public static final Duration STALENESS_MAX = Duration.ofDays(366);

  /** Thresholds as the vendor states them, and nothing that has expired. */
  public static final SitePolicy DEFAULT = new SitePolicy(SignaturePolicy.THRESHOLD, Duration.ZERO);

  public SitePolicy {
    if (staleness.isNegative() || staleness.compareTo(STALENESS_MAX) > 0) {
      throw new IllegalArgumentException(
          "a staleness budget is 0 to %d days".formatted(STALENESS_MAX.toDays()));
    }
  }
}
