package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Why a request got no answer: pure evidence, worded at the edge. */
public sealed interface InferenceRefusal {

  /** No such model, or not that version of it, is routed. */
  record UnknownModel(String model, Optional<String> version) implements InferenceRefusal {}

  /** Routed, but not serving at the moment. */
  record NotReady(ModelVersion model, String reason) implements InferenceRefusal {}

  record UnknownInput(String input, List<String> known) implements InferenceRefusal {}

  record MissingInput(String input) implements InferenceRefusal {}

  record DuplicateInput(String input) implements InferenceRefusal {}

  record WrongDatatype(String input, Datatype expected, Datatype actual)
      implements InferenceRefusal {}

  /** Expected dimensions with -1 where any size goes. */
  record WrongShape(String input, List<Long> expected, Shape actual) implements InferenceRefusal {}

  /** Two dimensions that the graph gives one name differ in size. */
  record UnequalDimensions(
      String dimension, String input, long size, String otherInput, long otherSize)
      implements InferenceRefusal {}

  record UnknownOutput(String output, List<String> known) implements InferenceRefusal {}

  /** The right datatype and shape, but values the model's pipeline cannot take. */
  record BadContent(String reason) implements InferenceRefusal {}

  /** As many requests wait as may; try again after that time. */
  record QueueFull(int waiting, Duration retryAfter) implements InferenceRefusal {}

  /** Those served before it would take longer than the caller's time; try again after that. */
  record WaitTooLong(Duration expected, Duration retryAfter) implements InferenceRefusal {}

  /** Not answered within the caller's time, or the appliance's. */
  record DeadlineExceeded(Duration limit) implements InferenceRefusal {}

  /** Taken back by its caller, or with its caller's connection. */
  record CallerLeft() implements InferenceRefusal {}

  /** The model worked on it for longer than its package allows; its worker was ended. */
  record RunTooLong(Duration limit) implements InferenceRefusal {}

  /** The worker process ended while it had this request. */
  record WorkerCrashed(String reason) implements InferenceRefusal {}

  /** The appliance has no memory for the answer at the moment. */
  record NoRoom(String reason) implements InferenceRefusal {}

  /** The model itself reported an error. */
  record ModelFault(String reason) implements InferenceRefusal {}

  /** The name under which failures are counted, e.g. {@code queue_full}. */
  default String kind() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }
}
