package io.cloister.appliance.scrub;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Calls what may put right what a pass has found: a unit of systemd waits for a file in a folder of
 * this service's own. Nobody reads the file, so a call is all that can be said with it.
 */
public record RepairCall(Path file) {
  private static final System.Logger LOG = System.getLogger(RepairCall.class.getName());

  /** As the unit of this service says; empty where nobody waits for a call. */
  public static Optional<RepairCall> find(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("CLOISTER_REPAIR"))
        .map(file -> new RepairCall(Path.of(file)));
  }

  void make() {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // It was called already, and has not begun yet.
      return;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "nobody is called to put it right: {0}", e.toString());
    }
  }
}
