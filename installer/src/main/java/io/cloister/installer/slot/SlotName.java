package io.cloister.installer.slot;

import java.util.Locale;

/** The two places a deployment can be in. */
public enum SlotName {
  A,
  B;

  /** The one that is not this one. */
  public SlotName other() {
    return this == A ? B : A;
  }

  /** As slots.json and the operator spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
