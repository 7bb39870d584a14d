package io.cloister.appliance.scrub;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What hashing again has found so far.
 *
 * @param running whether a pass is going on
 * @param passes that came to their end since the start
 * @param lastEnd of the newest of them
 * @param failure of the newest pass, where that did not come to its end
 * @param bytes hashed since the start
 * @param faultCount of the newest look at each package
 * @param faults the first of them
 */
public record ScrubReport(
    boolean running,
    long passes,
    Optional<Instant> lastEnd,
    Optional<Failure> failure,
    long bytes,
    int faultCount,
    List<Fault> faults) {
  public ScrubReport {
    faults = List.copyOf(faults);
  }

  /** Why a pass ended before its end, and when. */
  public record Failure(Instant at, String reason) {}

  /**
   * A file that is not what its signed manifest says; the first difference in it.
   *
   * @param packageId e.g. {@code model-digits-1.0.0}
   * @param at when it was found
   */
  public record Fault(
      String packageId, String file, long offset, String expected, String found, Instant at) {}
}
