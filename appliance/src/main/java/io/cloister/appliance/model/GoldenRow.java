package io.cloister.appliance.model;

import io.cloister.appliance.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Inputs and the outputs that the vendor's own run gave for them.
 *
 * @param outputs those that are compared; the model may have more
 * @param tolerance largest difference of a floating-point element; everything else must be equal
 * @param label the truth about an output, whatever the vendor's run said
 * @param latencyMillisMax budget of the median of some runs of this row alone
 */
public record GoldenRow(
    List<Tensor> inputs,
    List<Tensor> outputs,
    double tolerance,
    Optional<Tensor> label,
    OptionalDouble latencyMillisMax) {
  public GoldenRow {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("tolerance is not a distance: " + tolerance);
    }
    if (outputs.isEmpty() && label.isEmpty()) {
      throw new IllegalArgumentException("a golden row without outputs or label proves nothing");
    }
  }

  /** With that budget where it has none of its own. */
  GoldenRow orLatency(OptionalDouble usual) {
    return latencyMillisMax.isPresent()
        ? this
        : new GoldenRow(inputs, outputs, tolerance, label, usual);
  }

  /** The outputs that are looked at. */
  public List<String> outputNames() {
    List<String> names = new ArrayList<>(outputs.stream().map(Tensor::name).toList());
    label.map(Tensor::name).filter(name -> !names.contains(name)).ifPresent(names::add);
    return names;
  }

  /**
   * The first difference between what was expected and what the model answered, if any.
   *
   * @param allowed largest difference of a floating-point element; empty where only form and
   *     finiteness count
   */
  public Optional<RowFault> findFault(List<Tensor> answer, OptionalDouble allowed) {
    for (Tensor expected : outputs) {
      Optional<Tensor> actual = find(answer, expected.name());
      Optional<RowFault> fault =
          actual.isEmpty()
              ? Optional.of(new RowFault.NoOutput(expected.name()))
              : TensorComparison.findFault(expected, actual.get(), allowed);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  /** Elements of the label that the answer equals, floating-point ones within the tolerance. */
  public long rightLabels(List<Tensor> answer) {
    return label
        .flatMap(
            truth ->
                find(answer, truth.name())
                    .map(actual -> TensorComparison.equalElements(truth, actual, tolerance)))
        .orElse(0L);
  }

  /** Elements of the label. */
  public long labels() {
    return label.map(truth -> (long) truth.shape().elements()).orElse(0L);
  }

  public static Optional<Tensor> find(List<Tensor> tensors, String name) {
    return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
  }
}
