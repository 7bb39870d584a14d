package io.cloister.appliance.inference;

/** A request that got no answer; the refusal says why. */
public final class InferenceException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient InferenceRefusal refusal;

  public InferenceException(InferenceRefusal refusal) {
    super(refusal.toString());
    this.refusal = refusal;
  }

  public InferenceRefusal refusal() {
    return refusal;
  }
}
