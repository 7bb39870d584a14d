package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import picocli.CommandLine.Option;

/** The time that goes into what is written; given, it makes the output reproducible. */
final class TimeOption {
  private final Map<String, String> environment;
  private final Clock clock;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "",
      description =
          "Use this time, e.g. 2026-01-31T00:00:00Z, instead of"
              + " SOURCE_DATE_EPOCH or the clock.")
  private String time = "";

  TimeOption(Map<String, String> environment, Clock clock) {
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  /** Whole seconds. */
  Instant now() throws RefusedException {
    String epoch = environment.getOrDefault("SOURCE_DATE_EPOCH", "");
    try {
      if (!time.isEmpty()) {
        return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS);
      }
      return epoch.isEmpty()
          ? clock.instant().truncatedTo(ChronoUnit.SECONDS)
          : Instant.ofEpochSecond(Long.parseLong(epoch));
    } catch (DateTimeException | NumberFormatException e) {
      throw new RefusedException(
          new BadArgument(
              time.isEmpty() ? "SOURCE_DATE_EPOCH " + epoch : "--time " + time, "not a time"));
    }
  }
}
