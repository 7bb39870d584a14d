package io.cloister.installer.preflight;

import io.cloister.installer.host.Listener;
import java.util.Map;
import java.util.Optional;

/**
 * What a command asks of the machine.
 *
 * @param release the release to be written; empty when it stays, or is not known
 * @param modelBytes of the models to be written
 * @param fileBytesMax of the longest file to be written
 * @param listeners to be opened, by name; empty when the service has them already
 * @param chosenHere whether the command has options that choose other listeners
 */
public record Need(
    Optional<Release> release,
    long modelBytes,
    long fileBytesMax,
    Map<String, Listener> listeners,
    boolean chosenHere) {

  /**
   * A release.
   *
   * @param platform it is for, e.g. {@code linux-x64}
   * @param glibc the oldest it runs on; empty when it does not say
   * @param bytes to be written; 0 where the room was there before and is partly used
   */
  public record Release(String platform, Optional<String> glibc, long bytes) {}

  public Need {
    listeners = Map.copyOf(listeners);
  }

  /** What is known without a medium. */
  public static Need ofService(Map<String, Listener> listeners, boolean chosenHere) {
    return new Need(Optional.empty(), 0, 0, listeners, chosenHere);
  }
}
