package io.cloister.appliance.inference;

import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.inference.AccuracyTrial.Incumbents;
import io.cloister.appliance.inference.Workers.Loaded;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.worker.WorkerProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Model versions are accepted before they may serve. */
record ModelLoader(Workers workers, AcceptanceRecords records) {
  private static final System.Logger LOG = System.getLogger(ModelLoader.class.getName());

  /** A version that may serve. */
  record Accepted(Loaded loaded, AcceptanceReport acceptance) {}

  /**
   * Verifies, loads and accepts a version.
   *
   * @param known whether it is routed already
   */
  Accepted accept(ModelVersion model, boolean known, Incumbents incumbents)
      throws ModelRefused, InterruptedException {
    Loaded loaded = workers.open(model);
    boolean accepted = false;
    try {
      var acceptance = new Acceptance(loaded.files(), loaded.worker());
      AcceptanceReport report =
          known || records.wasAccepted(model)
              ? acceptance.again()
              : acceptance.newcomer(incumbents);
      write(report);
      if (!report.accepted()) {
        throw new ModelRefused(report.refusal().orElseThrow());
      }
      accepted = true;
      return new Accepted(loaded, report);
    } finally {
      if (!accepted) {
        loaded.worker().kill("it was not accepted");
      }
    }
  }

  /** A report that cannot be kept changes nothing of what it says. */
  private void write(AcceptanceReport report) {
    try {
      records.write(report.model(), report.at(), report.accepted(), report.json());
    } catch (DatabaseFault e) {
      LOG.log(Level.WARNING, "the report of an acceptance is not kept: {0}", e.getMessage());
    }
  }

  /** A worker of a version that was accepted before: proven and loaded. */
  WorkerProcess reload(ModelVersion model) throws ModelRefused, InterruptedException {
    return workers.open(model).worker();
  }

  /** Loads a version only to ask it, for a comparison. */
  Incumbent open(ModelVersion model) throws ModelRefused, InterruptedException {
    Loaded loaded = workers.open(model);
    Duration runTime = loaded.files().config().limits().runTime();
    return new Incumbent(model, loaded.worker(), runTime, true);
  }
}
