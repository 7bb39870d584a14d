package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request between its admission and its answer. */
final class Pending {
  private final List<Tensor> inputs;
  private final List<String> outputs;
  private final CompletableFuture<List<Tensor>> answer = new CompletableFuture<>();
  private volatile boolean overdue;

  Pending(InferenceRequest request) {
    this.inputs = request.inputs();
    this.outputs = request.outputs();
  }

  List<Tensor> inputs() {
    return inputs;
  }

  List<String> outputs() {
    return outputs;
  }

  /** Completed once; exceptionally with an {@link InferenceException}. */
  CompletableFuture<List<Tensor>> answer() {
    return answer;
  }

  void refuse(InferenceRefusal refusal) {
    answer.completeExceptionally(new InferenceException(refusal));
  }

  /** Its worker is killed because of it. */
  void markOverdue() {
    overdue = true;
  }

  boolean overdue() {
    return overdue;
  }
}
