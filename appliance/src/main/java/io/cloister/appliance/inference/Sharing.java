package io.cloister.appliance.inference;

import io.cloister.appliance.model.Batching;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Which requests of different callers may share a run of one model version: those whose answers
 * stay what they are alone, as the package says and the acceptance on this machine has seen.
 *
 * @param counted whether the first dimension of the inputs counts rows
 * @param rowsMax in one run; 1 where none is shared
 */
record Sharing(Signature signature, boolean counted, long rowsMax) {
  /** A larger request gains nothing: the engine is busy with it alone. */
  private static final long BYTES_MAX = 1 << 20;

  static Sharing of(ModelPackage files, Signature signature, AcceptanceReport acceptance) {
    Batching batching = files.config().batching();
    boolean counted =
        batching != Batching.NEVER
            && signature.inputs().stream().allMatch(input -> free(Optional.of(input)));
    boolean allowed =
        counted
            && files.together()
            && (batching == Batching.DEPENDENT || acceptance.company().rows() > 1);
    return new Sharing(signature, counted, allowed ? files.config().sharing().rowsMax() : 1);
  }

  /** What it counts for, along the first dimension of its inputs. */
  long rows(InferenceRequest request) {
    return counted && !request.inputs().isEmpty()
        ? Math.max(1, FirstDimension.size(request.inputs().getFirst()))
        : 1;
  }

  /** Of those that it may share a run with. */
  Optional<Form> findForm(InferenceRequest request) {
    long bytes = request.inputs().stream().mapToLong(Tensor::heapBytes).sum();
    boolean stacks =
        rowsMax > 1
            && bytes <= BYTES_MAX
            && outputs(request).stream().allMatch(name -> free(signature.findOutput(name)));
    return stacks ? Form.find(request.inputs(), request.outputs()) : Optional.empty();
  }

  private List<String> outputs(InferenceRequest request) {
    return request.outputs().isEmpty()
        ? signature.outputs().stream().map(TensorSpec::name).toList()
        : request.outputs();
  }

  /** Whether the first dimension may have any size. */
  static boolean free(Optional<TensorSpec> spec) {
    return spec.filter(s -> !s.dims().isEmpty() && s.dims().getFirst() == TensorSpec.FREE)
        .isPresent();
  }
}
