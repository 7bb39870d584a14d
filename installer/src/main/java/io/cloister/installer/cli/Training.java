package io.cloister.installer.cli;

import java.nio.file.Path;

/** What an ahead-of-time cache of the command is recorded from: two runs that change nothing. */
public final class Training {
  /** From a release's folder, {@code opt/cloister/releases/VERSION}, to the host's root. */
  private static final String ROOT = "../../../..";

  private Training() {}

  /** Asks the install that this program belongs to; outside of one there is less to learn. */
  public static void main(String[] arguments) {
    Path home = Path.of(System.getProperty("cloister.home", "")).toAbsolutePath();
    Cloister.run(Cloister.here(), "--help");
    Cloister.run(Cloister.here(), "--root", home.resolve(ROOT).normalize().toString(), "status");
  }
}
