package io.cloister.installer.cli;

import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.Standing;
import io.cloister.installer.activate.Service;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.Footprint;
import io.cloister.installer.stage.PausedSet;
import java.io.IOException;
import java.nio.file.Files;

/** What is true of a machine after a command failed: looked at then, not assumed. */
record MachineState(HostPaths paths, Service service) {

  /**
   * In words.
   *
   * @param tookBack whether an activation was taken back
   */
  String describe(boolean tookBack) {
    if (Files.notExists(paths.root()) || Files.isRegularFile(paths.root())) {
      return begin(tookBack) + "; nothing is installed";
    }
    try {
      Slots slots = new SlotFiles(paths).read();
      String before = begin(tookBack);
      if (HostLock.isHeld(paths)) {
        before = "another command is working here";
      } else if (new PausedSet(paths).find().isPresent()) {
        before = "what was proven of the set of volumes is kept for the next run";
      } else if (unsettled(slots)) {
        before = "the command was interrupted; the next one takes away what it left";
      }
      return before + "; " + serving(slots);
    } catch (IOException | InstallRefusedException e) {
      return "what is installed on this machine cannot be read";
    }
  }

  /** For decisions. */
  Standing standing() {
    try {
      if (new SlotFiles(paths).read().findServing().isEmpty()) {
        return Standing.BARE;
      }
      return service.running() ? Standing.SERVING : Standing.STOPPED;
    } catch (IOException | InstallRefusedException e) {
      return Standing.STOPPED;
    }
  }

  private static String begin(boolean tookBack) {
    return tookBack ? "what was begun was taken back" : "nothing on this machine was changed";
  }

  private boolean unsettled(Slots slots) throws IOException {
    return Footprint.findBegun(paths).isPresent()
        || slots.isStaged(SlotName.A)
        || slots.isStaged(SlotName.B);
  }

  private String serving(Slots slots) throws IOException {
    if (slots.findServing().isEmpty()) {
      return "nothing is installed";
    }
    String release = "release " + slots.findServing().get().release().version();
    return service.running()
        ? release + " keeps serving"
        : release + " stays installed, and is not running";
  }
}
