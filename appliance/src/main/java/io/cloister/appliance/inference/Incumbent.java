package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.worker.WorkerProcess;
import java.time.Duration;

/**
 * The version that a new one would replace, in a process of its own: what the new one's golden rows
 * do to it costs no caller anything.
 *
 * @param limit of one run
 */
record Incumbent(ModelVersion model, WorkerProcess worker, Duration limit)
    implements AutoCloseable {

  @Override
  public void close() {
    worker.kill("it was asked for comparison only");
  }
}
