package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Work;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Requests that a worker answers together.
 *
 * @param startNanos {@link System#nanoTime()}
 * @param contested form of the first, where others of it waited that could share this run
 */
record Run(List<Pending> members, Stack stack, long startNanos, Optional<Form> contested) {
  Run {
    members = List.copyOf(members);
  }

  static Run of(List<Pending> members, Optional<Form> contested) {
    Stack stack = Stack.of(members.stream().map(Pending::inputs).toList());
    return new Run(members, stack, System.nanoTime(), contested);
  }

  List<String> outputs() {
    return members.getFirst().outputs();
  }

  long rows() {
    return members.stream().mapToLong(Pending::rows).sum();
  }

  /** About what its inputs take of the worker's memory. */
  long bytes() {
    long sum = 0;
    for (Pending each : members) {
      sum += each.bytes();
    }
    return sum;
  }

  boolean shared() {
    return members.size() > 1;
  }

  /** Whether each member's part of the outputs can be told. */
  boolean fits(List<Tensor> outputs) {
    return !shared() || stack.findMisfit(outputs).isEmpty();
  }

  /** To each its part of the outputs. */
  void answer(List<Tensor> outputs) {
    if (!shared()) {
      members.getFirst().answer().complete(outputs);
      return;
    }
    List<List<Tensor>> answers = stack.split(outputs);
    for (int i = 0; i < members.size(); i++) {
      members.get(i).answer().complete(answers.get(i));
    }
  }

  /**
   * What it took.
   *
   * @param inputNanos until the worker had the tensors
   * @param answeredNanos when the server had the answer, {@link System#nanoTime()}
   */
  Work work(long inputNanos, long answeredNanos) {
    long queueNanos = 0;
    for (Pending each : members) {
      queueNanos += startNanos - each.admittedNanos();
    }
    int count = members.size();
    return new Work(
        1,
        rows(),
        queueNanos,
        count * inputNanos,
        count * (answeredNanos - startNanos - inputNanos),
        count * (System.nanoTime() - answeredNanos));
  }
}
