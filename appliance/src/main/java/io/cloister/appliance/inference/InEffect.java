package io.cloister.appliance.inference;

import io.cloister.appliance.model.RunSettings;
import java.time.Instant;
import java.util.Optional;

/**
 * The settings that a model version is run with here.
 *
 * @param tunedAt when they were chosen on this machine; empty where they are the package's own
 * @param unused why others that were chosen on this machine are not in effect
 */
public record InEffect(RunSettings settings, Optional<Instant> tunedAt, Optional<String> unused) {

  /** To be asked of a worker; empty for the package's own. */
  Optional<RunSettings> tuned() {
    return tunedAt.map(_ -> settings);
  }
}
