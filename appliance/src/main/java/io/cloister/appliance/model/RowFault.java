package io.cloister.appliance.model;

/** What was wrong with the answer to a golden row: pure evidence. */
public sealed interface RowFault {

  /** The row's inputs or outputs are not those of the model. */
  record NoFit(String reason) implements RowFault {}

  record NoAnswer(String reason) implements RowFault {}

  record NoOutput(String output) implements RowFault {}

  /** Another datatype or shape; both e.g. {@code FP32 [1,10]}. */
  record OtherForm(String output, String expected, String got) implements RowFault {}

  /**
   * Too far from what was expected.
   *
   * @param element index in row-major order
   */
  record OtherValue(String output, int element, String expected, String got, double tolerance)
      implements RowFault {}

  /** NaN or infinite where a number was expected. */
  record NotFinite(String output, int element, String expected, String got) implements RowFault {}

  /**
   * Slower than the budget, also in the best of several series.
   *
   * @param medianMillis of the best series
   */
  record TooSlow(double medianMillis, double limitMillis) implements RowFault {}

  /** For people, in one line. */
  default String words() {
    return switch (this) {
      case NoFit r -> "it does not fit the model: " + r.reason();
      case NoAnswer r -> "no answer: " + r.reason();
      case NoOutput r -> "output " + r.output() + " is missing";
      case OtherForm r ->
          "output %s: expected %s, got %s".formatted(r.output(), r.expected(), r.got());
      case OtherValue r ->
          "output %s, element %d: expected %s, got %s, tolerance %s"
              .formatted(r.output(), r.element(), r.expected(), r.got(), r.tolerance());
      case NotFinite r ->
          "output %s, element %d: expected %s, got %s, which is no finite number"
              .formatted(r.output(), r.element(), r.expected(), r.got());
      case TooSlow r ->
          "median of %.3f ms, budget %.3f ms".formatted(r.medianMillis(), r.limitMillis());
    };
  }
}
