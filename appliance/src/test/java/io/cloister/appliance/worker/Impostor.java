package io.cloister.appliance.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A shell script in a worker's place. */
public final class Impostor {
  private Impostor() {}

  /** Writes it into that folder; how it is started. */
  public static WorkerCommand write(Path folder, String script) throws IOException {
    Path impostor = folder.resolve("impostor");
    Files.writeString(impostor, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(impostor, PosixFilePermissions.fromString("rwx------"));
    return new WorkerCommand(impostor, "", Optional.empty(), List.of(), Optional.empty(), false);
  }
}
