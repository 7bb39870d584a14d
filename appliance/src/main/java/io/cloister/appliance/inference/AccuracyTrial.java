package io.cloister.appliance.inference;

import io.cloister.appliance.inference.AcceptanceReport.Accuracy;
import io.cloister.appliance.inference.GoldenRun.Answer;
import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Counts right answers against the labels, the new version's and the one's that it would replace.
 */
final class AccuracyTrial {
  private final List<GoldenRow> labelled;

  AccuracyTrial(List<GoldenRow> rows) {
    this.labelled = rows.stream().filter(row -> row.label().isPresent()).toList();
  }

  /** Finds the version to compare with, and opens it. */
  @FunctionalInterface
  interface Incumbents {
    Optional<Incumbent> find() throws ModelRefused, InterruptedException;
  }

  long labels() {
    return labelled.stream().mapToLong(GoldenRow::labels).sum();
  }

  Accuracy alone(long right) {
    return new Accuracy(labels(), right, Optional.empty(), OptionalLong.empty(), Optional.empty());
  }

  /**
   * Asks the other version the same rows; what it cannot be asked is said and compared with none.
   */
  Accuracy against(long right, Incumbents incumbents) throws InterruptedException {
    try (Incumbent incumbent = incumbents.find().orElse(null)) {
      return incumbent == null ? alone(right) : against(right, incumbent);
    } catch (ModelRefused e) {
      return new Accuracy(
          labels(),
          right,
          Optional.empty(),
          OptionalLong.empty(),
          Optional.of("the version that was routed does not load: " + e.reason()));
    }
  }

  private Accuracy against(long right, Incumbent incumbent) throws InterruptedException {
    GoldenRun run = new GoldenRun(incumbent.worker(), incumbent.limit());
    long rightToo = 0;
    for (GoldenRow row : labelled) {
      Tensor label = row.label().orElseThrow();
      Optional<TensorSpec> output = incumbent.worker().signature().findOutput(label.name());
      if (output.filter(o -> o.datatype() == label.datatype()).isEmpty()) {
        return notCompared(right, incumbent, "it has no such output " + label.name());
      }
      Answer answer = run.ask(row.inputs(), List.of(label.name()));
      if (answer.fault().isPresent()) {
        return notCompared(right, incumbent, answer.fault().get().words());
      }
      rightToo += row.rightLabels(answer.outputs());
    }
    return new Accuracy(
        labels(),
        right,
        Optional.of(incumbent.model().version()),
        OptionalLong.of(rightToo),
        Optional.empty());
  }

  private Accuracy notCompared(long right, Incumbent incumbent, String reason) {
    return new Accuracy(
        labels(),
        right,
        Optional.of(incumbent.model().version()),
        OptionalLong.empty(),
        Optional.of(reason));
  }
}
