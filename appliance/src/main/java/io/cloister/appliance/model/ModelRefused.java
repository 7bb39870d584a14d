package io.cloister.appliance.model;

/** A model version that may not serve: its package is not what was signed, or it is not usable. */
public final class ModelRefused extends Exception {
  private static final long serialVersionUID = 1;

  public ModelRefused(String reason) {
    super(reason);
  }

  public ModelRefused(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** Why, in one line for people. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
