package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.Tensor;
import java.util.List;

/** What the model answered, and which version did. */
public record InferenceResult(String modelName, String modelVersion, List<Tensor> outputs) {
  public InferenceResult {
    outputs = List.copyOf(outputs);
  }
}
