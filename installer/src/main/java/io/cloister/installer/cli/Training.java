package io.cloister.installer.cli;

import java.nio.file.Path;

/** What an ahead-of-time cache of the command is recorded from: two runs that change nothing. */
public final class Training {
  private Training() {}

  public static void main(String[] arguments) {
    Cloister.run(Cloister.here(), "--help");
    Cloister.run(Cloister.here(), "--root", Path.of("").toAbsolutePath().toString(), "status");
  }
}
