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
    if (!time.isEmpty() || epoch.isEmpty()) {
      return given(time, clock);
    }
    try {
      return Instant.ofEpochSecond(Long.parseLong(epoch));
    } catch (DateTimeException | NumberFormatException e) {
      throw new RefusedException(new BadArgument("SOURCE_DATE_EPOCH " + epoch, "not a time"));
    }
  }

  /** What the option says, else the clock. */
  static Instant given(String time, Clock clock) throws RefusedException {
    try {
      Instant given = time.isEmpty() ? clock.instant() : Instant.parse(time);
      return given.truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeException e) {
      throw new RefusedException(new BadArgument("--time " + time, "not a time"));
    }
  }
}
