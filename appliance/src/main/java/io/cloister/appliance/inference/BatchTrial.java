package io.cloister.appliance.inference;

import io.cloister.appliance.inference.AcceptanceReport.Company;
import io.cloister.appliance.inference.GoldenRun.Answer;
import io.cloister.appliance.inference.Workers.Loaded;
import io.cloister.appliance.model.Batching;
import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.GoldenRows;
import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.RowFault;
import io.cloister.appliance.model.TensorComparison;
import io.cloister.appliance.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * Asks golden rows again, together, and compares each answer with what was expected and with what
 * the row got alone.
 */
final class BatchTrial {
  private final ModelConfig config;
  private final GoldenRows golden;
  private final GoldenRun run;
  private final Findings findings;
  private int rowsAsked;
  private double difference;

  BatchTrial(Loaded model, GoldenRun run, Findings findings) {
    this.config = model.files().config();
    this.golden = model.golden();
    this.run = run;
    this.findings = findings;
  }

  /**
   * @param alone the answers of rows that passed, by index
   */
  Company run(Map<Integer, Answer> alone) throws InterruptedException {
    List<GoldenRow> rows = golden.rows();
    List<Integer> passed = List.copyOf(new TreeSet<>(alone.keySet()));
    List<List<Integer>> groups =
        config.batching() == Batching.NEVER
            ? List.of()
            : Batch.groups(run.worker().signature(), rows, passed);
    for (List<Integer> group : groups) {
      for (Batch batch : Batch.of(rows, group, sizeMax(group, alone))) {
        // A worker that ended fails the batch that finds it so.
        if (findings.rowsFailed() == 0 || !run.ended()) {
          ask(batch, alone);
        }
      }
    }
    return new Company(
        config.batching(),
        golden.batchTolerance(),
        rowsAsked,
        rowsAsked == 0 ? OptionalDouble.empty() : OptionalDouble.of(difference));
  }

  /** As many as fit into half of a run's limit, by the time that the slowest took alone. */
  private long sizeMax(List<Integer> group, Map<Integer, Answer> alone) {
    Duration limit = config.limits().runTime();
    double slowest =
        group.stream().map(alone::get).mapToDouble(answer -> answer.millis()).max().orElse(1);
    return Math.clamp((long) (limit.toMillis() / 2.0 / Math.max(slowest, 1e-3)), 1, Batch.SIZE_MAX);
  }

  private void ask(Batch batch, Map<Integer, Answer> alone) throws InterruptedException {
    List<String> outputs =
        batch.rows().stream().flatMap(index -> names(index).stream()).distinct().toList();
    Answer answer = run.ask(batch.stack().inputs(), outputs);
    rowsAsked += batch.rows().size();
    Optional<RowFault> whole = answer.fault().or(() -> otherSize(batch, answer.outputs()));
    if (whole.isPresent()) {
      batch.rows().forEach(index -> findings.add(index, true, whole.get()));
      return;
    }
    List<List<Tensor>> answers = batch.stack().split(answer.outputs());
    for (int i = 0; i < answers.size(); i++) {
      compare(batch.rows().get(i), answers.get(i), alone);
    }
  }

  private List<String> names(int index) {
    return golden.rows().get(index).outputs().stream().map(Tensor::name).toList();
  }

  private static Optional<RowFault> otherSize(Batch batch, List<Tensor> outputs) {
    return batch
        .stack()
        .findMisfit(outputs)
        .map(
            output ->
                new RowFault.OtherForm(
                    output.name(),
                    "first dimension " + batch.stack().rows(),
                    "shape " + output.shape()));
  }

  private void compare(int index, List<Tensor> answer, Map<Integer, Answer> alone) {
    GoldenRow row = golden.rows().get(index);
    row.findFault(answer, allowed(row)).ifPresent(fault -> findings.add(index, true, fault));
    for (String name : names(index)) {
      Optional<Tensor> single =
          Optional.ofNullable(alone.get(index)).flatMap(a -> GoldenRow.find(a.outputs(), name));
      Optional<Tensor> batched = GoldenRow.find(answer, name);
      if (single.isPresent() && batched.isPresent()) {
        difference =
            Math.max(difference, TensorComparison.largestDifference(single.get(), batched.get()));
      }
    }
  }

  private OptionalDouble allowed(GoldenRow row) {
    return config.batching() == Batching.DEPENDENT
        ? golden.batchTolerance()
        : OptionalDouble.of(row.tolerance());
  }
}
