package io.cloister.appliance.inference;

import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.inference.AccuracyTrial.Incumbents;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelStore;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.worker.WorkerCommand;
import io.cloister.appliance.worker.WorkerProcess;
import java.lang.System.Logger.Level;

/** Makes workers of model versions: proven and loaded, and accepted before they may serve. */
record ModelLoader(ModelStore store, WorkerCommand command, AcceptanceRecords records) {
  private static final System.Logger LOG = System.getLogger(ModelLoader.class.getName());

  /**
   * A version that may serve.
   *
   * @param threads runs that its worker takes at once
   */
  record Accepted(
      ModelPackage files, WorkerProcess worker, int threads, AcceptanceReport acceptance) {}

  /**
   * Verifies, loads and accepts a version.
   *
   * @param known whether it is routed already
   */
  Accepted accept(ModelVersion model, boolean known, Incumbents incumbents)
      throws ModelRefused, InterruptedException {
    ModelPackage files = store.read(model);
    int threads = threads(files);
    WorkerProcess worker = WorkerProcess.start(command, files, threads);
    boolean accepted = false;
    try {
      var acceptance = new Acceptance(files, worker);
      AcceptanceReport report =
          known || records.wasAccepted(model)
              ? acceptance.again()
              : acceptance.newcomer(incumbents);
      write(report);
      if (!report.accepted()) {
        throw new ModelRefused(report.refusal().orElseThrow());
      }
      accepted = true;
      return new Accepted(files, worker, threads, report);
    } finally {
      if (!accepted) {
        worker.kill("it was not accepted");
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
    ModelPackage files = store.read(model);
    return WorkerProcess.start(command, files, threads(files));
  }

  /** Loads a version only to ask it, for a comparison. */
  Incumbent open(ModelVersion model) throws ModelRefused, InterruptedException {
    ModelPackage files = store.read(model);
    return new Incumbent(
        model, WorkerProcess.start(command, files, 1), files.config().limits().runTime(), true);
  }

  private static int threads(ModelPackage files) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.clamp(processors / files.config().session().intraOpThreads(), 1, 8);
  }
}
