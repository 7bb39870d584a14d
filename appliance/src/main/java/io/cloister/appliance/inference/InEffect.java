package io.cloister.appliance.inference;

import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.model.Tuning;
import java.time.Instant;
import java.util.Optional;

/**
 * The settings that a model version is run with here.
 *
 * @param tuning that chose them; empty where they are the package's own
 * @param unused why others that were chosen on this machine are not in effect
 */
public record InEffect(RunSettings settings, Optional<Tuning> tuning, Optional<String> unused) {

  /** When they were chosen on this machine; empty where they are the package's own. */
  public Optional<Instant> tunedAt() {
    return tuning.map(Tuning::at);
  }

  /** To be asked of a worker; empty for the package's own. */
  Optional<RunSettings> tuned() {
    return tuning.map(Tuning::settings);
  }
}
