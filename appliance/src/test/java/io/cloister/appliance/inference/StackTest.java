package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StackTest {
  /** As large as a shape may be: two of it are none. */
  private static final Tensor EMPTY = Tensors.fp32("a", Shape.of(1, 3, 0, 700_000_000));

  private static final Tensor FULL = Tensors.fp32("a", Shape.of(1, 1, 1, 1), 1);

  @Test
  void requestsWithAnEmptyTensorShareNoRun() {
    assertThat(Form.find(List.of(FULL), List.of())).isPresent();
    assertThat(Form.find(List.of(EMPTY), List.of())).isEmpty();
    assertThat(Form.find(List.of(FULL, EMPTY), List.of())).isEmpty();
  }

  @Test
  void goldenRowsWithAnEmptyTensorAreAskedInNoBatch() {
    assertThat(groups(FULL)).containsExactly(List.of(0, 1));
    assertThat(groups(EMPTY)).isEmpty();
  }

  private static List<List<Integer>> groups(Tensor input) {
    Tensor output = Tensors.fp32("b", Shape.of(1), 1);
    GoldenRow row =
        new GoldenRow(List.of(input), List.of(output), 0, Optional.empty(), OptionalDouble.empty());
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("a", Datatype.FP32, -1L, -1L, -1L, -1L)),
            List.of(TensorSpec.of("b", Datatype.FP32, -1L)));
    return Batch.groups(signature, List.of(row, row), List.of(0, 1));
  }
}
