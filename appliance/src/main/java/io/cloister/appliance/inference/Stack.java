package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The inputs of several questions as one, stacked along the first dimension.
 *
 * @param sizes the first dimension of each
 */
record Stack(List<Long> sizes, List<Tensor> inputs) {
  Stack {
    sizes = List.copyOf(sizes);
    inputs = List.copyOf(inputs);
  }

  /**
   * Stacks them.
   *
   * @param questions the inputs of each, with the same names, datatypes and trailing dimensions;
   *     the names may be in another order
   */
  static Stack of(List<List<Tensor>> questions) {
    List<Long> sizes =
        questions.stream().map(inputs -> FirstDimension.size(inputs.getFirst())).toList();
    if (questions.size() == 1) {
      return new Stack(sizes, questions.getFirst());
    }
    List<Tensor> inputs = new ArrayList<>();
    for (Tensor input : questions.getFirst()) {
      inputs.add(
          FirstDimension.stack(
              questions.stream().map(question -> named(question, input.name())).toList()));
    }
    return new Stack(sizes, inputs);
  }

  private static Tensor named(List<Tensor> tensors, String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow();
  }

  long rows() {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  /** An output that is not as long as all questions together. */
  Optional<Tensor> findMisfit(List<Tensor> outputs) {
    return outputs.stream().filter(output -> FirstDimension.size(output) != rows()).findFirst();
  }

  /** The answer to each question; no output is a misfit. */
  List<List<Tensor>> split(List<Tensor> outputs) {
    List<List<Tensor>> answers = new ArrayList<>();
    long from = 0;
    for (long size : sizes) {
      long start = from;
      answers.add(outputs.stream().map(o -> FirstDimension.slice(o, start, size)).toList());
      from += size;
    }
    return answers;
  }
}
