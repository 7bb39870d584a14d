package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Which requests of different callers may share a run of one model version: those whose answers
 * stay what they are alone, as the package says and the acceptance on this machine has seen.
 *
 * @param rowsMax in one run; 1 where none is shared
 */
record Sharing(Signature signature, long rowsMax) {
  /** A larger request gains nothing: the engine is busy with it alone. */
  private static final long BYTES_MAX = 1 << 20;

  static Sharing of(ModelConfig config, Signature signature, AcceptanceReport acceptance) {
    boolean allowed =
        switch (config.batching()) {
          case INDEPENDENT -> acceptance.company().rows() > 1;
          case DEPENDENT -> config.sharing().acrossCallers();
          case NEVER -> false;
        };
    return new Sharing(signature, allowed ? config.sharing().rowsMax() : 1);
  }

  /** Of those that it may share a run with. */
  Optional<Form> findForm(InferenceRequest request) {
    long bytes = request.inputs().stream().mapToLong(Tensor::heapBytes).sum();
    boolean stacks =
        rowsMax > 1
            && bytes <= BYTES_MAX
            && request.inputs().stream().allMatch(t -> free(signature.findInput(t.name())))
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
