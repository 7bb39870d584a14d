package io.cloister.appliance.inference;

import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.inference.SettingsTrial.Result;
import io.cloister.appliance.inference.TuneOutcome.Done;
import io.cloister.appliance.inference.TuneOutcome.Reason;
import io.cloister.appliance.inference.TuneOutcome.Refused;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.model.Tuning;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings that serve a model better on this machine, keeps them, and takes them back. One at
 * a time; the model answers all the while, and changes over as it does to a new version.
 */
public final class Tuner implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Tuner.class.getName());

  /** Long enough for what a process does beside its answers to be little. */
  private static final Duration ROUND = Duration.ofMillis(500);

  private final ModelServer models;
  private final Workers workers;
  private final Records records;
  private final InstantSource clock;
  private final Duration round;
  private final ReentrantLock busy = new ReentrantLock();
  private volatile Optional<FutureTask<Result>> running = Optional.empty();

  public Tuner(ModelServer models, Workers workers, Records records, InstantSource clock) {
    this(models, workers, records, clock, ROUND);
  }

  /**
   * With rounds of another length.
   *
   * @param round time of one round of questions
   */
  Tuner(ModelServer models, Workers workers, Records records, InstantSource clock, Duration round) {
    this.models = models;
    this.workers = workers;
    this.records = records;
    this.clock = clock;
    this.round = round;
  }

  /**
   * How a trial is told of, and ended before its time.
   *
   * @param says told of each step as it begins
   * @param cancel given what ends the trial
   */
  public record Watch(Consumer<String> says, Consumer<Runnable> cancel) {}

  /**
   * Tries settings for so long, and has the model served with the best of them. Blocks until then.
   *
   * @param keep false to measure only
   */
  public TuneOutcome tune(String name, Duration time, boolean keep, Watch watch) {
    if (!busy.tryLock()) {
      return new Refused(Reason.BUSY, "another trial is running");
    }
    try {
      Optional<ModelStatus> status = find(name);
      Optional<Refused> unfit = findUnfit(name, status);
      if (unfit.isPresent()) {
        return unfit.get();
      }
      return tune(status.orElseThrow(), time, keep, watch);
    } finally {
      running = Optional.empty();
      busy.unlock();
    }
  }

  private TuneOutcome tune(ModelStatus status, Duration time, boolean keep, Watch watch) {
    ModelVersion model = status.model();
    RunSettings present = status.settings().orElseThrow().settings();
    int processors = records.host().processors();
    // Its own thread: an interrupt must not meet a file of the database.
    FutureTask<Result> trial =
        new FutureTask<>(
            () ->
                new SettingsTrial(workers, model, processors, round, time, watch.says())
                    .run(present));
    running = Optional.of(trial);
    watch.cancel().accept(() -> trial.cancel(true));
    Thread thread = Thread.ofPlatform().daemon().name("trial of settings").start(trial);
    try {
      Result result = trial.get();
      var evidence = TuningJson.encode(model, result, records.host(), clock.instant());
      boolean other = !result.chosen().equals(present);
      return keep && other
          ? keep(model, result.chosen(), evidence.toString())
          : new Done(model, present, false, evidence.toString());
    } catch (CancellationException e) {
      return new Refused(Reason.CANCELLED, "it was ended before its time");
    } catch (ExecutionException e) {
      return failed(model, e.getCause());
    } catch (InterruptedException e) {
      trial.cancel(true);
      Thread.currentThread().interrupt();
      return new Refused(Reason.CANCELLED, "it was interrupted");
    } finally {
      awaitEnd(thread);
    }
  }

  private static Refused failed(ModelVersion model, @Nullable Throwable cause) {
    if (cause instanceof ModelRefused refused) {
      return new Refused(Reason.GOLDEN_ROWS, refused.reason());
    }
    LOG.log(
        Level.ERROR, "the trial of settings for " + model.title() + " ended in a defect", cause);
    return new Refused(Reason.CANCELLED, "it ended in a defect: " + cause);
  }

  /** Its workers are gone then. */
  private static void awaitEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<ModelStatus> find(String name) {
    return models.models().stream()
        .filter(status -> status.active() && status.model().name().equals(name))
        .findFirst();
  }

  private static Optional<Refused> findUnfit(String name, Optional<ModelStatus> status) {
    if (status.isEmpty()) {
      return Optional.of(new Refused(Reason.UNKNOWN_MODEL, "no model " + name + " is routed"));
    }
    ModelStatus known = status.get();
    if (known.state() != ModelState.READY || known.settings().isEmpty()) {
      String reason = known.reason().map(why -> ": " + why).orElse("");
      return Optional.of(
          new Refused(
              Reason.NOT_SERVING, known.model().title() + " is " + known.state().text() + reason));
    }
    return Optional.empty();
  }

  private TuneOutcome keep(ModelVersion model, RunSettings chosen, String evidence) {
    var tuning =
        new Tuning(model.manifestSha256(), chosen, records.host(), clock.instant(), evidence);
    Optional<Refused> refused = change(model, Optional.of(tuning));
    if (refused.isPresent()) {
      return refused.get();
    }
    LOG.log(Level.INFO, "{0} is tuned: {1}", model.title(), chosen.words());
    return new Done(model, chosen, true, evidence);
  }

  /** Why it is not done, if so; nothing was changed then. */
  private Optional<Refused> change(ModelVersion model, Optional<Tuning> tuning) {
    try {
      models.retune(model, tuning);
      return Optional.empty();
    } catch (ModelRefused e) {
      boolean serves = find(model.name()).filter(now -> now.serves(model)).isPresent();
      return Optional.of(new Refused(serves ? Reason.NOT_KEPT : Reason.CHANGED, e.reason()));
    } catch (DatabaseFault e) {
      return Optional.of(new Refused(Reason.NOT_STORED, e.words()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Refused(Reason.CANCELLED, "it was interrupted"));
    }
  }

  /** Has a model served with its package's settings again. Blocks until it is. */
  public TuneOutcome untune(String name) {
    if (!busy.tryLock()) {
      return new Refused(Reason.BUSY, "a trial is running");
    }
    try {
      Optional<ModelStatus> status = find(name);
      Optional<Refused> unfit = findUnfit(name, status);
      if (unfit.isPresent()) {
        return unfit.get();
      }
      return untune(status.get().model(), status.get().settings().orElseThrow());
    } finally {
      busy.unlock();
    }
  }

  private TuneOutcome untune(ModelVersion model, InEffect present) {
    Optional<Tuning> before = records.tunings().find(model);
    if (before.isEmpty()) {
      return new Done(model, present.settings(), false, "");
    }
    Optional<Refused> refused = change(model, Optional.empty());
    if (refused.isPresent()) {
      return refused.get();
    }
    LOG.log(Level.INFO, "{0} runs with its package''s settings again", model.title());
    RunSettings now =
        find(model.name())
            .flatMap(ModelStatus::settings)
            .map(InEffect::settings)
            .orElse(present.settings());
    return new Done(model, now, true, before.get().evidence());
  }

  /** Ends a trial. */
  @Override
  public void close() {
    running.ifPresent(trial -> trial.cancel(true));
  }
}
