package io.cloister.repo.trust;

import io.cloister.repo.keys.KeyKind;
import io.cloister.repo.keys.Tally;

/** What a site asks of signatures beyond the thresholds that metadata states. */
public enum SignaturePolicy {
  /** Nothing more: whatever keys reach the threshold. */
  THRESHOLD,

  /**
   * Among the signatures that count, on every file from the first root on, one by a post-quantum
   * key: who can forge all classical ones still has nothing to offer.
   */
  POST_QUANTUM_REQUIRED;

  boolean isMetBy(Tally tally) {
    return switch (this) {
      case THRESHOLD -> true;
      case POST_QUANTUM_REQUIRED -> tally.kinds().stream().anyMatch(KeyKind::isPostQuantum);
    };
  }
}
