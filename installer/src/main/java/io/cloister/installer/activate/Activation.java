package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.SettingsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts a deployment whose files are in place into service: told, started or applied, ready, marked
 * good. What does not become ready is taken back, and the slot that served serves again.
 *
 * <p>Another release starts beside the one that serves, where systemd listens for both: it gets a
 * copy of the data, loads and accepts its models, takes the listeners over, and only then the old
 * one drains. Other models alone are loaded, accepted and switched to by the process that serves.
 *
 * @param says told of each step as it begins
 */
public record Activation(HostPaths paths, Patience patience, Consumer<String> says) {

  /** The first one of a host. There is nothing to go back to: the caller takes all of it away. */
  public Identity first(Deployment deployment)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    Slots staged = Slots.EMPTY.stage(deployment);
    files.write(staged);
    files.switchCurrent(deployment.release().version());
    files.tell(deployment);
    says.accept("set up");
    Identity identity = new ReleaseSetup(paths, patience).setup(deployment.release().version());
    says.accept("start");
    new Service(paths, patience).start(deployment);
    files.write(staged.markGood(SlotName.A, deployment));
    return identity;
  }

  /**
   * Another deployment in the inactive slot.
   *
   * @param slots as they are, with an active one
   * @param fresh whether a release that changes gets the data of the one that serves; else it has
   *     what it had when it served last
   */
  public void change(Slots slots, Deployment next, boolean fresh)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    SlotName slot = slots.inactive();
    Deployment serving = slots.findServing().orElseThrow();
    Slots staged = fresh ? slots.stage(next) : slots.stageAgain(next);
    files.write(staged);
    try {
      if (sameRelease(serving, next)) {
        bringModels(next);
        files.write(
            slots.isOnProbation(slot.other())
                ? staged.markOnProbation(slot, next)
                : staged.markGood(slot, next));
        return;
      }
      bringRelease(serving, next, fresh);
      boolean watched = Supervisor.of(paths).sideBySide();
      Slots changed = watched ? staged.markOnProbation(slot, next) : staged.markGood(slot, next);
      files.write(changed);
      files.switchCurrent(next.release().version());
      Supervisor.of(paths).watch(changed.findOnProbation());
    } catch (InstallRefusedException | IOException e) {
      List<InstallRefusal> refusals = new ArrayList<>(InstallRefusedException.refusals(e));
      // A fault of the host says nothing of what held here before.
      boolean held = !fresh && e instanceof IOException;
      Slots marked = held ? staged : staged.markBad(slot, next, BadReason.of(refusals.getFirst()));
      refusals.addAll(goBack(marked, next, serving));
      throw InstallRefusedException.tookBack(refusals);
    }
    leave(serving.release().version());
  }

  /** The new release serves: whatever stands against ending the old one is the next command's. */
  private void leave(String release) throws InterruptedException {
    says.accept("end the old release");
    try {
      new Service(paths, patience).stop(release);
    } catch (IOException e) {
      says.accept("warning: release " + release + " was not ended: " + e.getMessage());
    }
  }

  private static boolean sameRelease(Deployment one, Deployment other) {
    return one.release().id().equals(other.release().id());
  }

  /** The release that serves, or would, gets other models. */
  private void bringModels(Deployment next)
      throws IOException, InterruptedException, InstallRefusedException {
    var service = new Service(paths, patience);
    new SlotFiles(paths).tell(next);
    if (service.running(next)) {
      says.accept("apply");
      service.apply(next);
    } else {
      says.accept("start");
      service.start(next);
    }
  }

  private void bringRelease(Deployment serving, Deployment next, boolean fresh)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    var service = new Service(paths, patience);
    Supervisor supervisor = Supervisor.of(paths);
    String release = next.release().version();
    if (fresh || !new ReleaseSetup(paths, patience).hasData(release)) {
      says.accept("copy the data");
      service.handOver(serving, release);
    }
    boolean beside = supervisor.sideBySide() && service.running(serving);
    if (beside) {
      files.tellCandidate(next);
    } else {
      says.accept("stop");
      service.stop();
      files.switchCurrent(release);
      files.tell(next);
    }
    supervisor.arrange(release, SettingsFile.require(paths));
    says.accept("start");
    service.start(next);
    if (beside) {
      says.accept("take over");
      files.tell(next);
      service.takeOver(next);
    }
  }

  /** Serves the active slot again; what stands against that is reported beside the reason. */
  private List<InstallRefusal> goBack(Slots slots, Deployment refused, Deployment serving)
      throws InterruptedException {
    says.accept("go back");
    var files = new SlotFiles(paths);
    var service = new Service(paths, patience);
    try {
      if (!sameRelease(refused, serving)) {
        String release = serving.release().version();
        service.stop(refused.release().version());
        Supervisor.of(paths).watch(slots.findOnProbation());
        Supervisor.of(paths).arrange(release, SettingsFile.require(paths));
        files.switchCurrent(release);
        if (service.running(serving)) {
          service.resume(serving);
          files.write(slots);
          return List.of();
        }
      }
      Deployment again = serving.withGeneration(slots.nextGeneration());
      bringModels(again);
      files.write(slots.tellAgain(again));
      return List.of();
    } catch (InstallRefusedException | IOException e) {
      return InstallRefusedException.refusals(e);
    }
  }
}
