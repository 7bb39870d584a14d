package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One model version at a glance.
 *
 * @param reason why it failed, or why its worker last ended
 * @param active whether requests are routed to it
 * @param pid of its worker process, while there is one
 * @param restarts of its worker since the appliance started
 * @param acceptance its newest one, where it serves
 * @param settings that it runs with, likewise
 */
public record ModelStatus(
    ModelVersion model,
    ModelState state,
    Optional<String> reason,
    boolean active,
    OptionalLong pid,
    long restarts,
    Optional<AcceptanceReport> acceptance,
    Optional<InEffect> settings) {

  /** Whether it is this very version, and has a worker or will have one again. */
  boolean serves(ModelVersion version) {
    return model.equals(version) && settings.isPresent();
  }
}
