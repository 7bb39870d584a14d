package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal.AlreadyInstalled;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.stage.Footprint;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.PausedSet;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Stager;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.MediumClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts Cloister on a host that has none. Either all of it is there in the end and serves, or
 * nothing is: a failure takes everything away at once, an interruption is taken away by the next
 * command. Only a set of volumes that is not read to its end waits.
 *
 * @param client keeps the trust that the plan was made with
 * @param says told of each step as it begins
 */
public record FirstInstall(
    Stager stager,
    MediumClient client,
    SettingsFile settings,
    Patience patience,
    Consumer<String> says) {

  /** Carries the plan out. */
  public Identity apply(InstallPlan plan)
      throws IOException, InterruptedException, RefusedException, InstallRefusedException {
    HostPaths paths = stager.paths();
    Footprint footprint = Footprint.findBegun(paths).orElseGet(() -> Footprint.of(paths));
    try (HostLock _ = lock(paths, footprint)) {
      Optional<Deployment> serving = new SlotFiles(paths).read().findServing();
      if (serving.isPresent()) {
        throw new InstallRefusedException(new AlreadyInstalled(serving.get().release().version()));
      }
      try {
        footprint.write(paths);
        return proceed(plan);
      } catch (Exception e) {
        takeAway(footprint, e);
        throw e;
      }
    }
  }

  private static HostLock lock(HostPaths paths, Footprint footprint)
      throws IOException, InstallRefusedException {
    try {
      return HostLock.take(paths);
    } catch (IOException e) {
      if (footprint.folders().contains(paths.data())) {
        Files.deleteIfExists(paths.lock());
      }
      Folders.deleteEmpty(List.of(paths.data()));
      Folders.deleteEmpty(footprint.folders());
      throw e;
    }
  }

  private Identity proceed(InstallPlan plan)
      throws IOException, InterruptedException, RefusedException, InstallRefusedException {
    HostPaths paths = stager.paths();
    stager.apply(plan);
    client.persist();
    settings.write(paths);
    Supervisor.of(paths)
        .prepare(
            plan.deployment().release().version(),
            SettingsFile.find(paths).orElse(settings).listeners());
    says.accept("train");
    new ReleaseSetup(paths, patience)
        .train(plan.deployment().release().version())
        .ifPresent(reason -> says.accept("no start-up archive: " + reason));
    Identity identity;
    try {
      identity = new Activation(paths, patience, says).first(plan.deployment());
    } catch (InstallRefusedException e) {
      throw InstallRefusedException.tookBack(e.refusals());
    }
    Footprint.keep(paths);
    return identity;
  }

  private void takeAway(Footprint footprint, Exception cause) {
    try {
      if (new PausedSet(stager.paths()).find().isPresent()) {
        return;
      }
      new Service(stager.paths(), patience).stop();
      Supervisor.of(stager.paths()).forget(footprint.leavesData(stager.paths()));
      footprint.remove(stager.paths());
    } catch (IOException | InterruptedException e) {
      cause.addSuppressed(e);
    }
  }
}
