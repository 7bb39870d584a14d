package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelStore;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.OpenedPackage;
import io.cloister.appliance.worker.WorkerCommand;
import io.cloister.appliance.worker.WorkerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Makes workers of model versions: proven and loaded, at once or ahead of time. */
public final class Workers {
  private final ModelStore store;
  private final WorkerCommand command;

  /** What was begun and nobody has asked for yet, by the manifest's digest. */
  private final Map<String, FutureTask<Loaded>> ahead = new ConcurrentHashMap<>();

  /**
   * A worker that answers.
   *
   * @param threads runs that it takes at once
   */
  record Loaded(ModelPackage files, WorkerProcess worker, int threads) {}

  /**
   * Starts nothing yet.
   *
   * @param store the model store; the folders of a deployment lie below it
   */
  public Workers(Path store, WorkerCommand command) {
    this.store = new ModelStore(store);
    this.command = command;
  }

  /** Begins to load these, one after the other: at a start, while the database opens. */
  public void begin(List<ModelVersion> models) {
    List<FutureTask<Loaded>> tasks = models.stream().map(this::task).toList();
    Thread.ofPlatform().daemon().name("ahead").start(() -> tasks.forEach(FutureTask::run));
  }

  private FutureTask<Loaded> task(ModelVersion model) {
    FutureTask<Loaded> task = new FutureTask<>(() -> load(model));
    ahead.put(model.manifestSha256(), task);
    return task;
  }

  /** Ends what was begun and not asked for. */
  public void endUnasked() {
    for (String each : List.copyOf(ahead.keySet())) {
      FutureTask<Loaded> task = ahead.remove(each);
      if (task != null && !task.cancel(true) && task.state() == FutureTask.State.SUCCESS) {
        task.resultNow().worker().kill("it is not routed");
      }
    }
  }

  /** The worker that was begun for this version, or one that is made now. */
  Loaded open(ModelVersion model) throws ModelRefused, InterruptedException {
    FutureTask<Loaded> begun = ahead.remove(model.manifestSha256());
    if (begun == null) {
      return load(model);
    }
    try {
      return begun.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ModelRefused refused
          ? refused
          : new ModelRefused("it does not load: " + e.getCause(), e);
    }
  }

  private Loaded load(ModelVersion model) throws ModelRefused, InterruptedException {
    OpenedPackage opened = store.open(model);
    ModelConfig config = opened.config();
    WorkerProcess worker = WorkerProcess.launch(command, config.limits(), model.title());
    boolean complete = false;
    try {
      int threads = threads(config.session());
      // It makes itself ready while its files are proven.
      ModelPackage files = opened.prove();
      worker.load(files, threads);
      complete = true;
      return new Loaded(files, worker, threads);
    } finally {
      if (!complete) {
        worker.kill("it did not load");
      }
    }
  }

  private static int threads(ModelConfig.Session session) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.clamp(processors / session.intraOpThreads(), 1, 8);
  }
}
