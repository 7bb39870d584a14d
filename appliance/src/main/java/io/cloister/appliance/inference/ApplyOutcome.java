package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import java.util.Optional;

/** What became of a deployment. */
public sealed interface ApplyOutcome {

  /** Every model of that generation is accepted and answers. */
  record Applied(long generation) implements ApplyOutcome {}

  /**
   * Nothing was switched.
   *
   * @param generation the one that still answers
   * @param model the version at fault; empty when the deployment itself is
   */
  record Refused(long generation, Optional<ModelVersion> model, String reason)
      implements ApplyOutcome {}
}
