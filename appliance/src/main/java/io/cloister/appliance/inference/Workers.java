package io.cloister.appliance.inference;

import io.cloister.appliance.model.GoldenRows;
import io.cloister.appliance.model.LastSettings;
import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelStore;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.OpenedPackage;
import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.worker.WorkerCommand;
import io.cloister.appliance.worker.WorkerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Makes workers of model versions: proven and loaded, at once or ahead of time. */
public final class Workers {
  private final ModelStore store;
  private final WorkerCommand command;
  private final LastSettings last;

  /** What was begun and nobody has asked for yet, by the manifest's digest. */
  private final Map<String, FutureTask<Loaded>> ahead = new ConcurrentHashMap<>();

  /**
   * A worker that answers.
   *
   * @param settings that it runs with
   */
  record Loaded(
      ModelPackage files, GoldenRows golden, WorkerProcess worker, RunSettings settings) {}

  /** What is done with a process before it is a worker. */
  private interface Loading<T> {
    T with(WorkerProcess process) throws ModelRefused, InterruptedException;
  }

  /** Starts nothing yet, and knows of no start before. */
  public Workers(Path store, WorkerCommand command) {
    this(store, command, LastSettings.none());
  }

  /**
   * Starts nothing yet.
   *
   * @param store the model store; the folders of a deployment lie below it
   * @param last what versions ran with before this start
   */
  public Workers(Path store, WorkerCommand command, LastSettings last) {
    this.store = new ModelStore(store);
    this.command = command;
    this.last = last;
  }

  /** Begins to load these, one after the other: at a start, while the database opens. */
  public void begin(List<ModelVersion> models) {
    List<FutureTask<Loaded>> tasks = models.stream().map(this::task).toList();
    Thread.ofPlatform().daemon().name("ahead").start(() -> tasks.forEach(FutureTask::run));
  }

  private FutureTask<Loaded> task(ModelVersion model) {
    FutureTask<Loaded> task = new FutureTask<>(() -> load(model, last.find(model)));
    ahead.put(model.manifestSha256(), task);
    return task;
  }

  /** Ends what was begun and not asked for. */
  public void endUnasked() {
    for (String each : List.copyOf(ahead.keySet())) {
      end(ahead.remove(each), "it is not routed");
    }
  }

  /** Begins this version with these settings at the next start. */
  void note(ModelVersion model, Optional<RunSettings> tuned) {
    last.note(model, tuned);
  }

  private static void end(@Nullable FutureTask<Loaded> task, String reason) {
    if (task != null && !task.cancel(true) && task.state() == FutureTask.State.SUCCESS) {
      task.resultNow().worker().kill(reason);
    }
  }

  /**
   * The worker that was begun for this version, or one that is made now.
   *
   * @param tuned settings to run it with; the package's own when empty
   */
  Loaded open(ModelVersion model, Optional<RunSettings> tuned)
      throws ModelRefused, InterruptedException {
    FutureTask<Loaded> begun = ahead.remove(model.manifestSha256());
    if (begun != null && !last.find(model).equals(tuned)) {
      end(begun, "it is run with other settings");
      begun = null;
    }
    if (begun == null) {
      return load(model, tuned);
    }
    try {
      return begun.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ModelRefused refused
          ? refused
          : new ModelRefused("it does not load: " + root(e), e);
    }
  }

  private static Throwable root(Throwable fault) {
    Throwable cause = fault.getCause();
    return cause == null ? fault : root(cause);
  }

  private Loaded load(ModelVersion model, Optional<RunSettings> tuned)
      throws ModelRefused, InterruptedException {
    return load(model, tuned, command);
  }

  /** One more worker, beside those that serve, for a trial. */
  Loaded openAside(ModelVersion model, Optional<RunSettings> settings)
      throws ModelRefused, InterruptedException {
    return load(model, settings, command.inBackground());
  }

  private Loaded load(ModelVersion model, Optional<RunSettings> tuned, WorkerCommand how)
      throws ModelRefused, InterruptedException {
    OpenedPackage opened = store.open(model);
    int processors = Runtime.getRuntime().availableProcessors();
    RunSettings settings = tuned.orElseGet(() -> RunSettings.of(opened.config(), processors));
    return launch(
        how,
        opened.config().limits(),
        model,
        worker -> {
          OpenedPackage.Proven proven = opened.prove();
          ModelPackage run = proven.files().with(settings);
          worker.load(run, settings.runs());
          return new Loaded(run, proven.golden(), worker, settings);
        });
  }

  /** Another worker of a version that was accepted, as the one before it was. */
  WorkerProcess again(ModelPackage files, RunSettings settings)
      throws ModelRefused, InterruptedException {
    OpenedPackage opened = store.open(files.model());
    return launch(
        command,
        opened.config().limits(),
        files.model(),
        worker -> {
          worker.load(opened.proveAgain(files.together()).with(settings), settings.runs());
          return worker;
        });
  }

  /** The process makes itself ready while its files are proven. */
  private static <T> T launch(
      WorkerCommand how, ModelConfig.Limits limits, ModelVersion model, Loading<T> loading)
      throws ModelRefused, InterruptedException {
    WorkerProcess worker = WorkerProcess.launch(how, limits, model.title());
    boolean complete = false;
    try {
      T loaded = loading.with(worker);
      complete = true;
      return loaded;
    } finally {
      if (!complete) {
        worker.kill("it did not load");
      }
    }
  }
}
