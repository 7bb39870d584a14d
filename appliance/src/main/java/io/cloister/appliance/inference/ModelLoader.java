package io.cloister.appliance.inference;

import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.inference.AccuracyTrial.Incumbents;
import io.cloister.appliance.inference.Workers.Loaded;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Tuning;
import io.cloister.appliance.worker.WorkerProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Model versions are accepted before they may serve. */
record ModelLoader(Workers workers, Records records, Stopping stopping) {
  private static final System.Logger LOG = System.getLogger(ModelLoader.class.getName());

  ModelLoader(Workers workers, Records records) {
    this(workers, records, new Stopping());
  }

  /** A version that may serve. */
  record Accepted(Loaded loaded, AcceptanceReport acceptance, InEffect inEffect) {}

  /**
   * Verifies, loads and accepts a version: with the settings that were chosen for it here, or where
   * those do not fit or do not hold, with its package's own.
   *
   * @param known whether it is routed already
   */
  Accepted accept(ModelVersion model, boolean known, Incumbents incumbents)
      throws ModelRefused, InterruptedException {
    Optional<Tuning> tuning = Optional.empty();
    Optional<String> unused = Optional.empty();
    try {
      tuning = records.tunings().find(model);
      unused = tuning.flatMap(chosen -> chosen.findMisfit(records.host()));
    } catch (DatabaseFault e) {
      unused = Optional.of(e.words());
    }
    if (unused.isEmpty()) {
      try {
        return accept(model, known, incumbents, tuning, unused);
      } catch (ModelRefused e) {
        if (tuning.isEmpty()) {
          throw e;
        }
        unused = Optional.of("it does not hold with them: " + e.reason());
      }
    }
    LOG.log(
        Level.WARNING,
        "{0} runs with its package''s settings, not with those tuned here: {1}",
        model.title(),
        unused.get());
    return accept(model, known, incumbents, Optional.empty(), unused);
  }

  private Accepted accept(
      ModelVersion model,
      boolean known,
      Incumbents incumbents,
      Optional<Tuning> tuning,
      Optional<String> unused)
      throws ModelRefused, InterruptedException {
    Loaded loaded = stopping.run(() -> workers.open(model, tuning.map(Tuning::settings)));
    boolean accepted = false;
    try {
      var acceptance = new Acceptance(loaded);
      boolean before = known || records.acceptances().wasAccepted(model);
      AcceptanceReport report =
          stopping.run(() -> before ? acceptance.again() : acceptance.newcomer(incumbents));
      write(report);
      if (!report.accepted()) {
        throw new ModelRefused(report.refusal().orElseThrow());
      }
      accepted = true;
      var inEffect = new InEffect(loaded.settings(), tuning, unused);
      workers.note(model, inEffect.tuned());
      return new Accepted(loaded, report, inEffect);
    } catch (DatabaseFault e) {
      throw new ModelRefused(e.words(), e);
    } finally {
      if (!accepted) {
        loaded.worker().kill("it was not accepted");
      }
    }
  }

  /** A report that cannot be kept changes nothing of what it says. */
  private void write(AcceptanceReport report) {
    try {
      records.acceptances().write(report.model(), report.at(), report.accepted(), report.json());
    } catch (DatabaseFault e) {
      LOG.log(Level.WARNING, "the report of an acceptance is not kept: {0}", e.getMessage());
    }
  }

  /**
   * A version that serves, with other settings, which are kept when it is accepted with them.
   *
   * @param tuning the package's own settings, and what was chosen is forgotten, when empty
   */
  Accepted retune(ModelVersion model, Optional<Tuning> tuning)
      throws ModelRefused, InterruptedException {
    Accepted accepted = accept(model, true, Optional::empty, tuning, Optional.empty());
    boolean kept = false;
    try {
      tuning.ifPresentOrElse(records.tunings()::write, () -> records.tunings().delete(model));
      kept = true;
      return accepted;
    } finally {
      if (!kept) {
        accepted.loaded().worker().kill("its settings are not kept");
      }
    }
  }

  /** A worker of a version that was accepted before: proven and loaded. */
  WorkerProcess reload(ModelPackage files, InEffect inEffect)
      throws ModelRefused, InterruptedException {
    return workers.again(files, inEffect.settings());
  }

  /** Loads a version only to ask it, for a comparison. */
  Incumbent open(ModelVersion model) throws ModelRefused, InterruptedException {
    Loaded loaded = workers.open(model, Optional.empty());
    Duration runTime = loaded.files().config().limits().runTime();
    return new Incumbent(model, loaded.worker(), runTime);
  }
}
