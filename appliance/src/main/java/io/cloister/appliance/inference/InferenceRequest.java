package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One question to a model.
 *
 * @param modelVersion the active one when empty
 * @param outputs the names wanted, in that order; all of the signature when empty
 * @param timeout from now to the answer; the setting {@code limits.request_seconds} bounds it
 */
public record InferenceRequest(
    String modelName,
    Optional<String> modelVersion,
    List<Tensor> inputs,
    List<String> outputs,
    Optional<Duration> timeout) {
  public InferenceRequest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** A question to the active version that wants every output within the usual time. */
  public static InferenceRequest of(String modelName, Tensor... inputs) {
    return new InferenceRequest(
        modelName, Optional.empty(), List.of(inputs), List.of(), Optional.empty());
  }
}
