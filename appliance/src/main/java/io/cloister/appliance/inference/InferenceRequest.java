package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One question to a model.
 *
 * @param modelVersion the active one when empty
 * @param outputs the names wanted, in that order; all of the signature when empty
 * @param timeout from now to the answer; the setting {@code limits.request_seconds} bounds it
 * @param priority 1 is served first, {@link #PRIORITY_LAST} last
 * @param caller who asks: callers of one priority take turns
 * @param left whether that one waits no more; asked by another thread, of who has waited a while
 */
public record InferenceRequest(
    String modelName,
    Optional<String> modelVersion,
    List<Tensor> inputs,
    List<String> outputs,
    Optional<Duration> timeout,
    int priority,
    String caller,
    BooleanSupplier left) {
  public static final int PRIORITY_DEFAULT = 5;
  public static final int PRIORITY_LAST = 9;

  public InferenceRequest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (priority < 1 || priority > PRIORITY_LAST) {
      throw new IllegalArgumentException("priority " + priority);
    }
  }

  /** Of a caller who stays. */
  public InferenceRequest(
      String modelName,
      Optional<String> modelVersion,
      List<Tensor> inputs,
      List<String> outputs,
      Optional<Duration> timeout,
      int priority,
      String caller) {
    this(modelName, modelVersion, inputs, outputs, timeout, priority, caller, () -> false);
  }

  /** A question of usual priority by nobody in particular. */
  public InferenceRequest(
      String modelName,
      Optional<String> modelVersion,
      List<Tensor> inputs,
      List<String> outputs,
      Optional<Duration> timeout) {
    this(modelName, modelVersion, inputs, outputs, timeout, PRIORITY_DEFAULT, "");
  }

  /** The same, of a caller who may leave. */
  public InferenceRequest leftWhen(BooleanSupplier gone) {
    return new InferenceRequest(
        modelName, modelVersion, inputs, outputs, timeout, priority, caller, gone);
  }

  /** A question to the active version that wants every output within the usual time. */
  public static InferenceRequest of(String modelName, Tensor... inputs) {
    return new InferenceRequest(
        modelName, Optional.empty(), List.of(inputs), List.of(), Optional.empty());
  }
}
