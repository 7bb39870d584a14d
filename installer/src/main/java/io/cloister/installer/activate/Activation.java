package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.HostFileFault;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a deployment whose files are in place into service: told, started or applied, ready, marked
 * good. What does not become ready is taken back, and the slot that served serves again.
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
    Identity identity =
        new ReleaseSetup(paths, patience).setup(paths.release(deployment.release().version()));
    says.accept("start");
    new Service(paths, patience).start(deployment);
    files.write(staged.markGood(SlotName.A, deployment));
    return identity;
  }

  /**
   * Another deployment in the inactive slot.
   *
   * @param slots as they are, with an active one
   */
  public void change(Slots slots, Deployment next)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    SlotName slot = slots.inactive();
    Deployment serving = slots.findServing().orElseThrow();
    Slots staged = slots.stage(next);
    files.write(staged);
    try {
      bring(serving, next);
    } catch (InstallRefusedException | IOException e) {
      List<InstallRefusal> refusals = new ArrayList<>(refusals(e));
      Slots marked = staged.markBad(slot, next, BadReason.of(refusals.getFirst()));
      refusals.addAll(goBack(marked, next, serving));
      throw InstallRefusedException.tookBack(refusals);
    }
    files.write(staged.markGood(slot, next));
  }

  /** Makes the host serve {@code next} where {@code before} served. */
  private void bring(Deployment before, Deployment next)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    var service = new Service(paths, patience);
    boolean sameRelease = before.release().id().equals(next.release().id());
    if (sameRelease && service.running()) {
      files.tell(next);
      says.accept("apply");
      service.apply(next);
      return;
    }
    boolean stays = service.listensMeanwhile();
    if (!stays) {
      says.accept("stop");
      service.stop();
    }
    files.switchCurrent(next.release().version());
    files.tell(next);
    if (!sameRelease && !stays) {
      says.accept("set up");
      new ReleaseSetup(paths, patience).setup(paths.release(next.release().version()));
    }
    says.accept("start");
    service.start(next);
  }

  /** Serves the active slot again; what stands against that is reported beside the reason. */
  private List<InstallRefusal> goBack(Slots slots, Deployment refused, Deployment serving)
      throws InterruptedException {
    says.accept("go back");
    Deployment again = serving.withGeneration(slots.nextGeneration());
    try {
      bring(refused, again);
      new SlotFiles(paths).write(slots.markGood(slots.active().orElseThrow(), again));
      return List.of();
    } catch (InstallRefusedException | IOException e) {
      return refusals(e);
    }
  }

  /**
   * After a command that did not come to its end: the active slot is what the appliance is told,
   * and what was staged is bad.
   */
  public Slots recover(Slots slots)
      throws IOException, InterruptedException, InstallRefusedException {
    var files = new SlotFiles(paths);
    Optional<Deployment> serving = slots.findServing();
    if (serving.isEmpty() || settled(slots, serving.get())) {
      return slots;
    }
    Slots settled = slots;
    SlotName other = slots.inactive();
    if (slots.isStaged(other)) {
      settled = slots.markBad(other, slots.find(other).orElseThrow().deployment(), "interrupted");
    }
    Deployment again = serving.get().withGeneration(settled.nextGeneration());
    settled = settled.markGood(slots.active().orElseThrow(), again);
    var service = new Service(paths, patience);
    boolean running = service.running();
    if (running) {
      service.stop();
    }
    files.switchCurrent(again.release().version());
    files.tell(again);
    files.write(settled);
    if (running) {
      service.start(again);
    }
    return settled;
  }

  private boolean settled(Slots slots, Deployment serving) throws IOException {
    var files = new SlotFiles(paths);
    return !slots.isStaged(slots.inactive())
        && files.findTold().equals(Optional.of(serving))
        && files.findCurrent().equals(Optional.of(serving.release().version()));
  }

  private static List<InstallRefusal> refusals(Exception e) {
    return e instanceof InstallRefusedException refused
        ? refused.refusals()
        : List.of(new HostFileFault("", String.valueOf(e.getMessage())));
  }
}
