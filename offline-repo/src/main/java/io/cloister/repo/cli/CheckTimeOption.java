package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import java.time.Clock;
import java.time.Instant;
import picocli.CommandLine.Option;

/**
 * The time by which it is told what has expired. A build's SOURCE_DATE_EPOCH, often long past, is
 * no such time.
 */
final class CheckTimeOption {
  private final Clock clock;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "",
      description = "Check as at this time, e.g. 2026-01-31T00:00:00Z, instead of now.")
  private String time = "";

  CheckTimeOption(Clock clock) {
    this.clock = clock;
  }

  /** Whole seconds. */
  Instant now() throws RefusedException {
    return TimeOption.given(time, clock);
  }
}
