package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal.NotInstalled;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.Restoration.PutBack;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.Slot;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.Footprint;
import io.cloister.installer.stage.Leftovers;
import io.cloister.installer.stage.PausedSet;
import io.cloister.installer.stage.SettingsFile;
import java.io.IOException;
import java.util.List;
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
    if (Footprint.findBegun(paths).isEmpty() && Footprint.findTrace(paths).isEmpty()) {
      return false;
    }
    try (HostLock _ = HostLock.take(paths)) {
      Optional<Footprint> trace = Footprint.findTrace(paths);
      if (trace.isPresent()) {
        trace.get().remove(paths);
      }
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

  /**
   * On a host with something installed, or it refuses; the caller holds the lock. The active slot
   * is what serves, alone, and what was staged is bad. What ran before an interrupted restore runs
   * again.
   */
  public Slots settle() throws IOException, InterruptedException, InstallRefusedException {
    return settle(true);
  }

  /**
   * Likewise, at boot, when nothing runs yet.
   *
   * @param starts false for a caller that has the release started itself, which waits for it
   */
  public Slots settle(boolean starts)
      throws IOException, InterruptedException, InstallRefusedException {
    Slots slots = new SlotFiles(paths).read();
    Deployment serving =
        slots
            .findServing()
            .orElseThrow(() -> new InstallRefusedException(new NotInstalled(paths.root())));
    List<String> running = new Service(paths, patience).findRunning();
    PutBack putBack = new Restoration(paths, patience, says).settle(running);
    if (putBack != PutBack.NOTHING || !settled(slots, serving, running)) {
      boolean ran = putBack == PutBack.RAN || !running.isEmpty();
      slots = settle(slots, serving, running, starts && ran);
    }
    resumeAfterBackup(serving);
    Supervisor.of(paths).watch(slots.findOnProbation());
    new Leftovers(paths).delete(slots);
    return slots;
  }

  /** The service, in whose folder the sign of it lies, must not keep a command from its work. */
  private void resumeAfterBackup(Deployment serving) throws IOException {
    var service = new Service(paths, patience);
    if (new SiteData(paths, patience).isLeft() && service.running(serving)) {
      try {
        service.resume(serving);
      } catch (IOException | InstallRefusedException e) {
        says.accept("warning: the service does not say that it takes changes again: " + e);
      }
    }
  }

  private boolean settled(Slots slots, Deployment serving, List<String> running)
      throws IOException {
    var files = new SlotFiles(paths);
    String release = serving.release().version();
    return !slots.isStaged(slots.inactive())
        && files.findTold(release).equals(Optional.of(serving))
        && files.findCurrent().equals(Optional.of(release))
        && running.stream().allMatch(release::equals)
        && !isArrangedForOther(slots, release);
  }

  /**
   * Of a rollback that did not come to its end. What is changed otherwise is for repair to tell.
   */
  private boolean isArrangedForOther(Slots slots, String release) {
    Optional<SettingsFile> settings = SettingsFile.find(paths);
    Optional<String> other =
        slots
            .find(slots.inactive())
            .filter(slot -> slot.state().held())
            .map(slot -> slot.deployment().release().version())
            .filter(version -> !version.equals(release));
    try {
      return settings.isPresent()
          && other.isPresent()
          && Supervisor.of(paths).isArrangedFor(other.get(), release, settings.get().listeners());
    } catch (IOException e) {
      return false;
    }
  }

  private Slots settle(Slots slots, Deployment serving, List<String> running, boolean starts)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    var service = new Service(paths, patience);
    String release = serving.release().version();
    SlotName other = slots.inactive();
    Slots settled =
        slots.isStaged(other)
            ? slots.markBad(other, slots.find(other).orElseThrow().deployment(), "interrupted")
            : slots;
    boolean goesOn =
        service.running(serving) && files.findTold(release).equals(Optional.of(serving));
    for (String each : running) {
      if (!(goesOn && each.equals(release))) {
        service.stop(each);
      }
    }
    Deployment again = goesOn ? serving : serving.withGeneration(settled.nextGeneration());
    settled = settled.tellAgain(again);
    Supervisor.of(paths).arrange(release, SettingsFile.require(paths));
    files.switchCurrent(release);
    files.tell(again);
    files.write(settled);
    if (goesOn) {
      service.resume(again);
      service.takeOver(again);
    } else if (starts) {
      service.start(again);
    }
    return settled;
  }

  /**
   * The release in service ended within its probation: the other slot serves again. Where there is
   * none that held, it is started once more, for good.
   *
   * @return the reason; empty where it is not on probation, or runs
   */
  public Optional<String> giveUp(Slots slots)
      throws IOException, InterruptedException, InstallRefusedException {
    Deployment failed = slots.findServing().orElseThrow();
    SlotName active = slots.active().orElseThrow();
    var service = new Service(paths, patience);
    if (!slots.isOnProbation(active) || service.running(failed)) {
      return Optional.empty();
    }
    var files = new SlotFiles(paths);
    Supervisor supervisor = Supervisor.of(paths);
    String reason = supervisor.whyEnded(failed.release().version());
    Optional<Deployment> previous =
        slots.find(active.other()).filter(s -> s.state().held()).map(Slot::deployment);
    boolean back = previous.isPresent() && hasData(previous.get(), failed);
    Deployment again = (back ? previous.get() : failed).withGeneration(slots.nextGeneration());
    supervisor.arrange(again.release().version(), SettingsFile.require(paths));
    files.tell(again);
    Slots after = back ? slots.giveUp(again, reason) : slots.markGood(active, again);
    files.write(after);
    supervisor.watch(after.findOnProbation());
    files.switchCurrent(again.release().version());
    says.accept("start " + again.words());
    service.start(again);
    new Leftovers(paths).delete(files.read());
    return Optional.of(reason);
  }

  /** Where a restore left the other release no data, it gets a copy of this one's. */
  private boolean hasData(Deployment previous, Deployment failed)
      throws IOException, InterruptedException {
    String release = previous.release().version();
    var setup = new ReleaseSetup(paths, patience);
    try {
      if (!setup.hasData(release)) {
        setup.handOver(failed.release().version(), release);
      }
      return true;
    } catch (InstallRefusedException e) {
      says.accept("warning: no way back, for release " + release + " has no data: " + e);
      return false;
    }
  }

  /**
   * Of a {@link #giveUp} that was killed after it had gone back: nobody else starts the release.
   */
  public void startServing() throws IOException, InterruptedException, InstallRefusedException {
    Deployment serving = new SlotFiles(paths).read().findServing().orElseThrow();
    var service = new Service(paths, patience);
    if (!service.running(serving)) {
      says.accept("start " + serving.words());
      service.start(serving);
    }
  }

  /** The release in service has held for its probation. */
  public void endProbation(Slots slots) throws IOException, InterruptedException {
    SlotName active = slots.active().orElseThrow();
    if (slots.isOnProbation(active)) {
      Deployment serving = slots.findServing().orElseThrow();
      new SlotFiles(paths).write(slots.markGood(active, serving));
      Supervisor.of(paths).watch(Optional.empty());
    }
  }
}
