package io.cloister.appliance.inference;

import io.cloister.appliance.inference.AcceptanceReport.Accuracy;
import io.cloister.appliance.inference.AcceptanceReport.Company;
import io.cloister.appliance.inference.AccuracyTrial.Incumbents;
import io.cloister.appliance.inference.GoldenRun.Answer;
import io.cloister.appliance.inference.Workers.Loaded;
import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.RowFault;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Proves on this machine that a loaded model answers its golden rows as the vendor's did: alone and
 * in company. A newcomer must also be quick enough, and not less right than what it would replace.
 * A version that was accepted here before must be able to come back, at a restart or a rollback,
 * however busy the machine is and however good the other version: it is not asked for those again.
 */
final class Acceptance {
  private final Loaded model;
  private final GoldenRun run;
  private final List<GoldenRow> rows;
  private final Findings findings = new Findings();
  private final Map<Integer, Answer> passed = new HashMap<>();
  private int rowsAsked;
  private long rightLabels;

  Acceptance(Loaded model) {
    this.model = model;
    this.run = new GoldenRun(model.worker(), model.files().config().limits().runTime());
    this.rows = model.golden().rows();
  }

  /** For a version that was accepted here before. */
  AcceptanceReport again() throws InterruptedException {
    Company company = answers();
    return report(company, accuracy(), findings.words(rows.size()));
  }

  /** For a version that is new here. */
  AcceptanceReport newcomer(Incumbents incumbents) throws InterruptedException {
    Company company = answers();
    if (findings.rowsFailed() == 0) {
      latencies();
    }
    Optional<String> failed = findings.words(rows.size());
    Optional<Accuracy> accuracy = accuracy();
    if (failed.isPresent() || accuracy.isEmpty()) {
      return report(company, accuracy, failed);
    }
    Accuracy compared = new AccuracyTrial(rows).against(rightLabels, incumbents);
    return report(
        company,
        Optional.of(compared),
        compared.worse() ? Optional.of(words(compared)) : Optional.empty());
  }

  private static String words(Accuracy accuracy) {
    long other = accuracy.rightAgainst().orElse(0);
    return "it is less accurate than %s: %d of %d labels right (%.3f), against %d (%.3f)"
        .formatted(
            accuracy.against().orElse("what serves"),
            accuracy.right(),
            accuracy.labels(),
            accuracy.share(),
            other,
            accuracy.share(other));
  }

  private Company answers() throws InterruptedException {
    // The first run of a session is not like the others; its outcome shows in the next one.
    var _ = run.ask(rows.getFirst());
    for (int i = 0; i < rows.size(); i++) {
      alone(i);
      if (findings.has(i) && run.ended()) {
        break;
      }
    }
    return new BatchTrial(model, run, findings).run(passed);
  }

  private void alone(int index) throws InterruptedException {
    GoldenRow row = rows.get(index);
    Answer answer = run.ask(row);
    rowsAsked++;
    rightLabels += row.rightLabels(answer.outputs());
    Optional<RowFault> fault =
        answer
            .fault()
            .or(() -> row.findFault(answer.outputs(), OptionalDouble.of(row.tolerance())));
    if (fault.isPresent()) {
      findings.add(index, false, fault.get());
    } else {
      passed.put(index, answer);
    }
  }

  private void latencies() throws InterruptedException {
    for (int i = 0; i < rows.size() && findings.rowsFailed() < 3; i++) {
      if (rows.get(i).latencyMillisMax().isPresent()) {
        Optional<RowFault> fault = LatencyTrial.findFault(run, rows.get(i));
        if (fault.isPresent()) {
          findings.add(i, false, fault.get());
        }
      }
    }
  }

  private Optional<Accuracy> accuracy() {
    var trial = new AccuracyTrial(rows);
    return trial.labels() == 0 ? Optional.empty() : Optional.of(trial.alone(rightLabels));
  }

  private AcceptanceReport report(
      Company company, Optional<Accuracy> accuracy, Optional<String> refusal) {
    double[] millis = passed.values().stream().mapToDouble(Answer::millis).toArray();
    return new AcceptanceReport(
        model.files().model(),
        Instant.now(),
        refusal,
        rows.size(),
        rowsAsked,
        findings.rowsFailed(),
        findings.kept(),
        company,
        millis.length == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(LatencyTrial.median(millis)),
        accuracy);
  }
}
