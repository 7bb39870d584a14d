package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.stage.Footprint;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** Takes everything of ours from a host. The caller holds the lock. */
public record Uninstall(HostPaths paths, Patience patience) {
  /**
   * Stops the service and takes everything away; begun again, it goes on where it stopped.
   *
   * @param keepData whether the appliance's own data stays
   */
  public void apply(boolean keepData)
      throws IOException, InterruptedException, InstallRefusedException {
    Optional<Deployment> serving = new SlotFiles(paths).read().findServing();
    if (keepData && serving.isPresent()) {
      new Service(paths, patience)
          .handOver(serving.get(), paths.keptDatabase().getFileName().toString());
    }
    Footprint all = Footprint.whole(paths, Footprint.findKept(paths), keepData);
    try {
      all.write(paths);
      DurableFiles.deleteIfExists(paths.slots());
    } catch (IOException e) {
      // The journal only lets the next command go on after an interruption, and a full disk must
      // not keep anybody from making room.
      Files.deleteIfExists(paths.slots());
    }
    new Service(paths, patience).stop();
    Supervisor.of(paths).forget(keepData);
    all.remove(paths);
  }
}
