package io.cloister.installer.preflight;

import io.cloister.installer.host.Listener;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan asks of the machine.
 *
 * @param platform the release's, e.g. {@code linux-x64}; empty when the release stays
 * @param glibc the oldest it runs on; empty when it does not say
 * @param bytes to be written
 * @param listeners to be opened, by name; empty when the service has them already
 */
public record Need(
    Optional<String> platform,
    Optional<String> glibc,
    long bytes,
    Map<String, Listener> listeners) {

  public Need {
    listeners = Map.copyOf(listeners);
  }
}
