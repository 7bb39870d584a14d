package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.worker.WorkerProcess;
import java.time.Duration;

/**
 * The version that a new one would replace, as far as it can be asked.
 *
 * @param limit of one run
 * @param own whether its process was started only to be asked, and ends with that
 */
record Incumbent(ModelVersion model, WorkerProcess worker, Duration limit, boolean own)
    implements AutoCloseable {

  @Override
  public void close() {
    if (own) {
      worker.kill("it was asked for comparison only");
    }
  }
}
