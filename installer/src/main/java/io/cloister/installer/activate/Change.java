package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal.NoPreviousSlot;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.Slot;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.Leftovers;
import io.cloister.installer.stage.Stager;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.MediumClient;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Another deployment on a host that has one: an update, or the way back. The caller holds the lock.
 *
 * @param says told of each step as it begins
 */
public record Change(HostPaths paths, Patience patience, Consumer<String> says) {

  /** Brings in and activates what the plan says; a failure before activation leaves no trace. */
  public void update(Slots slots, InstallPlan plan, Stager stager, MediumClient client)
      throws IOException, InterruptedException, RefusedException, InstallRefusedException {
    try {
      stager.apply(plan);
      if (plan.findStagedRelease().isPresent()) {
        says.accept("train");
        new ReleaseSetup(paths, patience)
            .train(plan.deployment().release().version())
            .ifPresent(reason -> says.accept("no start-up archive: " + reason));
      }
      client.persist();
    } catch (Exception e) {
      clean(slots, e);
      throw e;
    }
    activate(slots, plan.deployment(), true);
  }

  /** Goes back to the other slot. */
  public Deployment rollback(Slots slots)
      throws IOException, InterruptedException, InstallRefusedException {
    SlotName other = slots.inactive();
    Optional<Slot> slot = slots.find(other);
    if (slot.filter(s -> s.state().held()).isEmpty()) {
      throw new InstallRefusedException(
          new NoPreviousSlot(
              slots.words(other.other()),
              slots.words(other),
              slot.flatMap(Slot::reason).orElse("")));
    }
    Deployment previous = slot.get().deployment().withGeneration(slots.nextGeneration());
    says.accept("hash again");
    for (InstalledPackage each : previous.packages()) {
      Stager.verify(paths, each);
    }
    activate(slots, previous, false);
    return previous;
  }

  private void activate(Slots slots, Deployment next, boolean fresh)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    try {
      new Activation(paths, patience, says).change(slots, next, fresh);
    } catch (Exception e) {
      clean(files.read(), e);
      throw e;
    }
    new Leftovers(paths).delete(files.read());
  }

  private void clean(Slots slots, Exception cause) {
    try {
      new Leftovers(paths).delete(slots);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
