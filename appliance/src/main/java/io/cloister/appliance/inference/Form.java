package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * What requests have in common that can share a run: their tensors are stacked along the first
 * dimension, so all else is equal. Texts are of about the same length, for the longest of a run
 * decides what it costs.
 *
 * @param outputs the names wanted
 * @param textClass mean length of the texts in steps of {@link #TEXT_STEP} bytes
 */
record Form(List<Part> inputs, List<String> outputs, long textClass) {
  /** About 16 tokens of an English text. */
  private static final int TEXT_STEP = 64;

  /** Of one input. */
  record Part(String name, Datatype datatype, List<Long> rest) {}

  /** Empty where the first dimensions are not of one size, or there is nothing in an input. */
  static Optional<Form> find(List<Tensor> inputs, List<String> outputs) {
    long rows = inputs.isEmpty() ? 0 : FirstDimension.size(inputs.getFirst());
    if (rows < 1 || !inputs.stream().allMatch(input -> FirstDimension.stacks(input, rows))) {
      return Optional.empty();
    }
    List<Part> parts =
        inputs.stream()
            .map(input -> new Part(input.name(), input.datatype(), FirstDimension.rest(input)))
            .toList();
    long textBytes = 0;
    for (Tensor input : inputs) {
      if (input instanceof BytesTensor texts) {
        textBytes += texts.values().stream().mapToLong(text -> text.length).sum();
      }
    }
    return Optional.of(new Form(parts, outputs, textBytes / rows / TEXT_STEP));
  }
}
