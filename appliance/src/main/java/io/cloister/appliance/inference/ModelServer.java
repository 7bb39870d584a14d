package io.cloister.appliance.inference;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.inference.ApplyOutcome.Applied;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.View.Failure;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Routing.Routes;
import io.cloister.appliance.model.Tuning;
import io.cloister.appliance.tensor.Tensor;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Serves every routed model version, each from a worker process of its own. */
public final class ModelServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ModelServer.class.getName());

  private static final String STOPPING = "the appliance is stopping";

  private final Starter starter;
  private final Routing routing;
  private final Settings.Limits limits;
  private final ReentrantLock changeLock = new ReentrantLock();
  private final Stopping stopping = new Stopping();
  private final Watch watch;
  private final Retry retry;
  private volatile View view;
  private volatile boolean closed;

  /** What may be interrupted by the end of the appliance. */
  private interface Change {
    ApplyOutcome make() throws InterruptedException;
  }

  /** Starts nothing yet: {@link #apply} does. */
  public ModelServer(Workers workers, Routing routing, Records records, Settings.Limits limits) {
    this.starter = new Starter(new ModelLoader(workers, records, stopping), limits);
    this.routing = routing;
    this.limits = limits;
    this.view = new View(routing.read(), Map.of(), List.of());
    this.watch = new Watch(() -> view, limits.requestTime()).start();
    this.retry = new Retry(this::startUnserved);
  }

  /**
   * Makes the deployment serve, whole or not at all: loads what is new beside the old, accepts it
   * by its golden rows, switches the routing in one transaction, then drains and stops the old. The
   * generation that is applied already is only started where it does not run. Also the way to
   * start: when the deployment is refused, what was routed before is started. Blocks until done.
   */
  public ApplyOutcome apply(Deployment deployment) {
    return change(
        () -> {
          long applied = generation();
          long wanted = deployment.generation();
          if (wanted > applied) {
            return switchTo(new Routes(wanted, deployment.models()));
          }
          List<Failure> failures = startRouted();
          if (wanted < applied) {
            return refused("generation " + wanted + " is older than what was applied");
          }
          return failures.isEmpty() ? new Applied(applied) : refused(failures.getFirst());
        });
  }

  /** One at a time. */
  private ApplyOutcome change(Change change) {
    changeLock.lock();
    try {
      return closed ? refused(STOPPING) : change.make();
    } catch (InterruptedException e) {
      if (closed) {
        return refused(STOPPING);
      }
      Thread.currentThread().interrupt();
      return refused("it was interrupted");
    } finally {
      changeLock.unlock();
    }
  }

  private ApplyOutcome switchTo(Routes routes) throws InterruptedException {
    Map<String, ModelRunner> old = view.runners();
    Map<String, ModelRunner> next = new LinkedHashMap<>();
    List<Failure> failures = new ArrayList<>();
    Optional<String> fault = Optional.empty();
    try {
      for (ModelVersion model : routes.versions()) {
        if (failures.isEmpty()) {
          starter.start(model, view, next, failures);
        }
      }
      if (failures.isEmpty()) {
        routing.switchTo(routes);
        view = new View(routes, next, List.of());
        LOG.log(Level.INFO, "generation {0} serves", routes.generation());
      }
    } catch (DatabaseFault e) {
      fault = Optional.of(e.words());
    } finally {
      stopUnrouted(old.values());
      stopUnrouted(next.values());
    }
    if (failures.isEmpty() && fault.isEmpty()) {
      return new Applied(routes.generation());
    }
    failures.addAll(startRouted());
    view = view.withFailures(failures);
    return fault.map(this::refused).orElseGet(() -> refused(failures.getFirst()));
  }

  private void stopUnrouted(Collection<ModelRunner> runners) throws InterruptedException {
    Collection<ModelRunner> routed = view.runners().values();
    watch.stop(runners.stream().filter(runner -> !routed.contains(runner)).toList());
  }

  private Refused refused(Failure failure) {
    return new Refused(generation(), Optional.of(failure.model()), failure.reason());
  }

  private Refused refused(String reason) {
    return new Refused(generation(), Optional.empty(), reason);
  }

  /** Starts what is routed and does not run; one that fails leaves the others alone. */
  private List<Failure> startRouted() throws InterruptedException {
    Map<String, ModelRunner> runners = new LinkedHashMap<>(view.runners());
    List<Failure> failures = new ArrayList<>();
    try {
      for (ModelVersion model : view.routes().versions()) {
        starter.start(model, view, runners, failures);
      }
    } finally {
      // Those that were started before an interrupt are known too.
      view = new View(view.routes(), runners, failures);
    }
    if (!failures.isEmpty()) {
      retry.begin();
    }
    return failures;
  }

  /** Starts what is routed and does not run; true when there is such a version still. */
  private boolean startUnserved() {
    var _ =
        change(
            () -> {
              for (ModelVersion model : view.unserved()) {
                var _ = reload(model);
              }
              return new Applied(generation());
            });
    return !closed && !view.unserved().isEmpty();
  }

  /**
   * Loads a routed version anew, e.g. after its files were repaired. The one that runs answers
   * until the new one does, and goes on if that one is refused. Blocks until done.
   */
  public ApplyOutcome reload(String name) {
    return change(
        () -> {
          Optional<ModelVersion> model = view.findRouted(name);
          return model.isEmpty() ? refused("no model " + name + " is routed") : reload(model.get());
        });
  }

  private ApplyOutcome reload(ModelVersion model) throws InterruptedException {
    ModelRunner old = view.runners().get(model.name());
    try {
      view = view.with(starter.start(model, view));
    } catch (ModelRefused e) {
      LOG.log(Level.ERROR, "{0} is not loaded anew: {1}", model.title(), e.reason());
      return new Refused(generation(), Optional.of(model), e.reason());
    }
    if (old != null) {
      watch.stop(List.of(old));
    }
    return new Applied(generation());
  }

  /**
   * Has a version run with settings chosen here, or its package's own again. Blocks until it does.
   *
   * @throws ModelRefused when it does not hold, or does not serve any more; all is as it was then
   */
  void retune(ModelVersion model, Optional<Tuning> tuning)
      throws ModelRefused, InterruptedException {
    changeLock.lock();
    try {
      ModelRunner old = view.runners().get(model.name());
      if (closed || old == null || !old.model().equals(model)) {
        throw new ModelRefused(closed ? STOPPING : view.whyNot(model));
      }
      view = view.with(starter.retune(model, tuning));
      watch.stop(List.of(old));
    } finally {
      changeLock.unlock();
    }
  }

  /**
   * Ends the worker of a routed version, once it has answered what it has; until it is loaded again
   * or the appliance starts anew. False when none runs.
   */
  public boolean unload(String name) {
    changeLock.lock();
    try {
      ModelRunner runner = view.runners().get(name);
      // Also where none runs: it is not to be tried again.
      view = view.findRouted(name).map(view::without).orElse(view);
      if (runner == null) {
        return false;
      }
      watch.stop(List.of(runner));
      LOG.log(Level.INFO, "{0} is unloaded", runner.model().title());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      changeLock.unlock();
    }
    return true;
  }

  /** Of the deployment that was applied last; 0 before the first. */
  public long generation() {
    return view.routes().generation();
  }

  /** Every routed version and those the last deployment was refused for. */
  public List<ModelStatus> models() {
    return view.models();
  }

  /** Whether every routed version is ready. */
  public boolean ready() {
    return !closed && view.ready();
  }

  /** The routed version of that model, once its signature is known. */
  public Optional<ServedModel> find(String name, Optional<String> version) {
    return Optional.ofNullable(view.runners().get(name))
        .map(ModelRunner::served)
        .filter(served -> version.isEmpty() || version.get().equals(served.model().version()));
  }

  /** Likewise; who asks is told why there is none. */
  public ServedModel served(String name, Optional<String> version) throws InferenceException {
    return view.route(name, version, closed).served();
  }

  /** Asks a model and waits for its answer; may be called from any number of threads. */
  public InferenceResult infer(InferenceRequest request) throws InferenceException {
    Duration timeout =
        request
            .timeout()
            .filter(asked -> asked.compareTo(limits.requestTime()) < 0)
            .orElse(limits.requestTime());
    while (true) {
      ModelRunner runner = view.route(request.modelName(), request.modelVersion(), closed);
      Optional<List<Tensor>> outputs = runner.infer(request, timeout);
      if (outputs.isPresent()) {
        return new InferenceResult(runner.model().name(), runner.model().version(), outputs.get());
      }
    }
  }

  public List<ModelStats> stats() {
    return view.stats();
  }

  /** Takes no more requests, answers those it has, stops the workers. */
  @Override
  public void close() {
    closed = true;
    retry.close();
    stopping.stop();
    changeLock.lock();
    try {
      watch.stop(view.runners().values());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      changeLock.unlock();
      watch.close();
    }
  }
}
