package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Work;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;

/** Requests that a worker answers together, with {@link System#nanoTime()} at the start of it. */
record Run(List<Pending> members, Stack stack, long startNanos) {
  Run {
    members = List.copyOf(members);
  }

  static Run of(List<Pending> members) {
    Stack stack = Stack.of(members.stream().map(Pending::inputs).toList());
    return new Run(members, stack, System.nanoTime());
  }

  List<String> outputs() {
    return members.getFirst().outputs();
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
    long rows = 0;
    for (Pending each : members) {
      queueNanos += startNanos - each.admittedNanos();
      rows += each.rows();
    }
    int count = members.size();
    return new Work(
        1,
        rows,
        queueNanos,
        count * inputNanos,
        count * (answeredNanos - startNanos - inputNanos),
        count * (System.nanoTime() - answeredNanos));
  }
}
