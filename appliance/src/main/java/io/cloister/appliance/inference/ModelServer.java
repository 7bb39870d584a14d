package io.cloister.appliance.inference;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.worker.WorkerCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Serves every routed model version, each from a worker process of its own. */
@SuppressWarnings("DoNotCallSuggester")
public final class ModelServer implements AutoCloseable {

  /**
   * Starts nothing yet: {@link #apply} does.
   *
   * @param store the model store; the folders of a deployment lie below it
   */
  public ModelServer(Path store, Routing routing, Settings.Limits limits, WorkerCommand command) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes the deployment serve, whole or not at all: loads what is new beside the old, accepts it
   * by its golden rows, switches the routing in one transaction, then drains and stops the old. The
   * generation that is applied already is only started where it does not run. Also the way to
   * start: when the deployment is refused, what was routed before is started. Blocks until done.
   */
  public ApplyOutcome apply(Deployment deployment) {
    throw new UnsupportedOperationException();
  }

  /** Generation of the deployment applied last; 0 before the first. */
  public long generation() {
    throw new UnsupportedOperationException();
  }

  /** Every routed version and those the last deployment was refused for. */
  public List<ModelStatus> models() {
    throw new UnsupportedOperationException();
  }

  /** Whether every routed version is ready. */
  public boolean ready() {
    throw new UnsupportedOperationException();
  }

  /** The routed version of that model, once its signature is known. */
  public Optional<ServedModel> find(String name, Optional<String> version) {
    throw new UnsupportedOperationException();
  }

  /** Asks a model and waits for its answer; may be called from any number of threads. */
  public InferenceResult infer(InferenceRequest request) throws InferenceException {
    throw new UnsupportedOperationException();
  }

  public List<ModelStats> stats() {
    throw new UnsupportedOperationException();
  }

  /** Takes no more requests, answers those it has, stops the workers. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
