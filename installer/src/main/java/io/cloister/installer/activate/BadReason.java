package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal;
import java.util.List;

/** Why a slot was marked bad, as slots.json keeps it: one short line, for a person. */
final class BadReason {
  private static final int CHARACTERS_MAX = 300;

  private BadReason() {}

  static String of(InstallRefusal refusal) {
    String reason =
        switch (refusal) {
          case InstallRefusal.ApplianceRefused r -> r.what() + ": " + r.reason();
          case InstallRefusal.NotReady r -> "not ready: " + r.lastSeen() + fault(r.log());
          case InstallRefusal.CommandFailed r -> r.command() + " " + r.outcome() + fault(r.log());
          case InstallRefusal.HostFileFault r -> (r.path() + " " + r.reason()).strip();
          case InstallRefusal other -> other.getClass().getSimpleName();
        };
    String line = reason.replaceAll("[\\p{Cc}\\p{Cf}]+", " ");
    return line.length() <= CHARACTERS_MAX ? line : line.substring(0, CHARACTERS_MAX) + "...";
  }

  /** What the appliance itself said of it, where it said that in the one form of a problem. */
  private static String fault(List<String> log) {
    return log.stream()
        .filter(line -> line.startsWith("error: "))
        .findFirst()
        .map(line -> "; " + line)
        .orElse("");
  }
}
