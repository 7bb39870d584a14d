package io.cloister.repo;

import java.util.List;

/** The one checked exception of this module. Several faults found in one pass travel together. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Refusal> refusals;

  public RefusedException(Refusal refusal) {
    this(List.of(refusal));
  }

  /**
   * @param refusals at least one, in the order they should be read
   */
  public RefusedException(List<? extends Refusal> refusals) {
    super(refusals.toString());
    if (refusals.isEmpty()) {
      throw new IllegalArgumentException("nothing was refused");
    }
    this.refusals = List.copyOf(refusals);
  }

  /** All of them, at least one. */
  public List<Refusal> refusals() {
    return refusals;
  }

  /** The first one. */
  public Refusal refusal() {
    return refusals.getFirst();
  }
}
