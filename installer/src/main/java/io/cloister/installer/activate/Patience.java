package io.cloister.installer.activate;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param ready from start, or from being told, until every model answers
 * @param drain from the request to end until the service has ended
 * @param setup database, certificate and token
 * @param train one start-up, recorded
 */
public record Patience(Duration ready, Duration drain, Duration setup, Duration train) {
  /** A model may take 60 s to load, and several are loaded one after the other. */
  public static final Patience USUAL =
      new Patience(
          Duration.ofMinutes(5),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2),
          Duration.ofMinutes(3));
}
