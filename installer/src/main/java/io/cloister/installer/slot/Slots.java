package io.cloister.installer.slot;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which slot serves, and what both hold. Every change is a new value.
 *
 * @param active empty until the first deployment was marked good
 */
public record Slots(Optional<SlotName> active, Optional<Slot> a, Optional<Slot> b) {
  public static final Slots EMPTY = new Slots(Optional.empty(), Optional.empty(), Optional.empty());

  public Slots {
    Optional<Slot> serving = active.flatMap(name -> name == SlotName.A ? a : b);
    if (active.isPresent() && serving.filter(s -> s.state().held()).isEmpty()) {
      throw new IllegalArgumentException("the active slot did not hold");
    }
  }

  public Optional<Slot> find(SlotName name) {
    return name == SlotName.A ? a : b;
  }

  /** For a person, e.g. {@code slot b, bad: release 0.1.0, digits 1.1.0}. */
  public String words(SlotName name) {
    return "slot %s, %s"
        .formatted(
            name,
            find(name)
                .map(slot -> slot.state() + ": " + slot.deployment().words())
                .orElse("empty"));
  }

  /** What serves, or would when started. */
  public Optional<Deployment> findServing() {
    return active.flatMap(this::find).map(Slot::deployment);
  }

  /** Whether the slot holds what was neither marked good nor bad. */
  public boolean isStaged(SlotName name) {
    return find(name).filter(slot -> slot.state() == Slot.State.STAGED).isPresent();
  }

  /** Where the next deployment goes. */
  public SlotName inactive() {
    return active.map(SlotName::other).orElse(SlotName.A);
  }

  /** Generations only grow: this one was never given out. */
  public long nextGeneration() {
    return 1 + all().mapToLong(slot -> slot.deployment().generation()).max().orElse(0);
  }

  public Slots stage(Deployment deployment) {
    return with(active, inactive(), Slot.of(Slot.State.STAGED, deployment));
  }

  /** What held is to serve again; until it does it stays what can be gone back to. */
  public Slots stageAgain(Deployment deployment) {
    Slot.State state = find(inactive()).orElseThrow().state();
    return with(active, inactive(), Slot.of(state, deployment));
  }

  /** The named slot held: it is the active one now. */
  public Slots markGood(SlotName name, Deployment deployment) {
    return activate(name, deployment, Slot.State.GOOD);
  }

  /** The named slot became ready, and is the active one now. */
  public Slots markOnProbation(SlotName name, Deployment deployment) {
    return activate(name, deployment, Slot.State.PROBATION);
  }

  /** The other one did nothing wrong, if it was on probation. */
  private Slots activate(SlotName name, Deployment deployment, Slot.State state) {
    Slots activated = with(Optional.of(name), name, Slot.of(state, deployment));
    return isOnProbation(name.other())
        ? activated.with(
            activated.active,
            name.other(),
            Slot.of(Slot.State.GOOD, find(name.other()).orElseThrow().deployment()))
        : activated;
  }

  /** The active slot goes on as it is, told anew. */
  public Slots tellAgain(Deployment deployment) {
    SlotName name = active.orElseThrow();
    return with(active, name, Slot.of(find(name).orElseThrow().state(), deployment));
  }

  /** Whether the slot serves, and is given up when its release ends by itself. */
  public boolean isOnProbation(SlotName name) {
    return find(name).filter(slot -> slot.state() == Slot.State.PROBATION).isPresent();
  }

  /** The release that serves, where it is on probation. */
  public Optional<String> findOnProbation() {
    return active
        .filter(this::isOnProbation)
        .flatMap(this::find)
        .map(slot -> slot.deployment().release().version());
  }

  /** What serves did not hold: the other slot is the active one now. */
  public Slots giveUp(Deployment again, String reason) {
    SlotName failed = active.orElseThrow();
    Slots back = with(Optional.of(failed.other()), failed.other(), Slot.of(Slot.State.GOOD, again));
    return back.markBad(failed, find(failed).orElseThrow().deployment(), reason);
  }

  public Slots markBad(SlotName name, Deployment deployment, String reason) {
    return with(active, name, Slot.bad(deployment, reason));
  }

  private Slots with(Optional<SlotName> serving, SlotName name, Slot slot) {
    return name == SlotName.A
        ? new Slots(serving, Optional.of(slot), b)
        : new Slots(serving, a, Optional.of(slot));
  }

  /** The deployments that may be started again, whose files must stay. */
  public List<Deployment> deploymentsToKeep() {
    return all().filter(slot -> slot.state() != Slot.State.BAD).map(Slot::deployment).toList();
  }

  private Stream<Slot> all() {
    return Stream.of(a, b).flatMap(Optional::stream);
  }
}
