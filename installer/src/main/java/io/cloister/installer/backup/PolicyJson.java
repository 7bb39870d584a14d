package io.cloister.installer.backup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.SitePolicy;
import java.time.Duration;

/** A site's policy, with the names of {@code policy.json}. */
final class PolicyJson {
  private static final String POST_QUANTUM = "post_quantum_required";
  private static final String STALENESS = "staleness_days";

  private PolicyJson() {}

  static void put(ObjectNode json, SitePolicy policy) {
    json.put(POST_QUANTUM, policy.signatures() == SignaturePolicy.POST_QUANTUM_REQUIRED);
    json.put(STALENESS, policy.staleness().toDays());
  }

  static SitePolicy parse(Fields json) throws JsonException {
    return new SitePolicy(
        json.truth(POST_QUANTUM)
            ? SignaturePolicy.POST_QUANTUM_REQUIRED
            : SignaturePolicy.THRESHOLD,
        Duration.ofDays(json.integer(STALENESS, 0, SitePolicy.STALENESS_MAX.toDays())));
  }
}
