package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.Footprint;
import io.cloister.installer.stage.Leftovers;
import io.cloister.installer.stage.PausedSet;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings a host to rest after a command that was killed, or a power cut. */
public record Recovery(HostPaths paths, Patience patience, Consumer<String> says) {

  /**
   * Takes away a first install that did not come to its end. Without one, or where one waits for a
   * further volume, it touches nothing.
   *
   * @return whether there was one
   */
  public boolean finishFirstInstall()
      throws IOException, InterruptedException, InstallRefusedException {
    if (Footprint.findBegun(paths).isEmpty()) {
      return false;
    }
    try (HostLock _ = HostLock.take(paths)) {
      Optional<Footprint> begun = Footprint.findBegun(paths);
      if (begun.isEmpty() || new PausedSet(paths).find().isPresent()) {
        return false;
      }
      if (new SlotFiles(paths).read().active().isPresent()) {
        Footprint.keep(paths);
        return false;
      }
      says.accept("take away what an interrupted install left");
      new Service(paths, patience).stop();
      Supervisor.of(paths).forget(begun.get().leavesData(paths));
      begun.get().remove(paths);
      return true;
    }
  }

  /** On a host with something installed; the caller holds the lock. */
  public Slots settle() throws IOException, InterruptedException, InstallRefusedException {
    Slots slots = new Activation(paths, patience, says).recover(new SlotFiles(paths).read());
    new Leftovers(paths).delete(slots);
    return slots;
  }
}
