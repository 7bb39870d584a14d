package io.cloister.appliance.oip;

import io.cloister.appliance.inference.InferenceRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * What the "parameters" of a request ask for (Triton, "Parameters Extension", "Schedule Policy
 * Extension").
 *
 * @param timeout from the request to its answer
 * @param priority 1 comes first
 * @param binaryOutputs whether outputs that say nothing else follow the answer's JSON
 */
record InferParameters(Optional<Duration> timeout, int priority, boolean binaryOutputs) {
  static final InferParameters NONE =
      new InferParameters(Optional.empty(), InferenceRequest.PRIORITY_DEFAULT, false);
}
