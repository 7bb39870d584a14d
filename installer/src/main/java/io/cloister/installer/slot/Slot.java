package io.cloister.installer.slot;

import java.util.Locale;
import java.util.Optional;

/**
 * One deployment and how far it came.
 *
 * @param reason why it is bad; empty otherwise
 */
public record Slot(State state, Deployment deployment, Optional<String> reason) {

  /** As RAUC uses the words; {@code STAGED} is on its way to one of the others. */
  public enum State {
    GOOD,
    STAGED,
    BAD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Slot {
    if (reason.isPresent() != (state == State.BAD)) {
      throw new IllegalArgumentException("a bad slot has a reason, another has none");
    }
  }

  static Slot good(Deployment deployment) {
    return new Slot(State.GOOD, deployment, Optional.empty());
  }

  static Slot staged(Deployment deployment) {
    return new Slot(State.STAGED, deployment, Optional.empty());
  }

  static Slot bad(Deployment deployment, String reason) {
    return new Slot(State.BAD, deployment, Optional.of(reason));
  }
}
