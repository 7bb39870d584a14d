package io.cloister.installer.slot;

import java.util.Locale;
import java.util.Optional;

/**
 * One deployment and how far it came.
 *
 * @param reason why it is bad; empty otherwise
 */
public record Slot(State state, Deployment deployment, Optional<String> reason) {

  /**
   * As RAUC uses the words. {@code STAGED} is on its way to one of the others; {@code PROBATION}
   * serves, and is given up when it ends by itself.
   */
  public enum State {
    GOOD,
    PROBATION,
    STAGED,
    BAD;

    /** Whether it became ready once, and may be started again. */
    public boolean held() {
      return this == GOOD || this == PROBATION;
    }

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

  static Slot of(State state, Deployment deployment) {
    return new Slot(state, deployment, Optional.empty());
  }

  static Slot bad(Deployment deployment, String reason) {
    return new Slot(State.BAD, deployment, Optional.of(reason));
  }
}
