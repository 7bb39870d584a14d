package io.cloister.appliance.model;

import java.util.List;
import java.util.Optional;

/** The tensors a model takes and gives, in the order of its graph. */
public record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs) {
  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public Optional<TensorSpec> findInput(String name) {
    return inputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  public Optional<TensorSpec> findOutput(String name) {
    return outputs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }
}
