package io.cloister.appliance.inference;

import java.util.Locale;

/** Where a model version stands. A ready one may become loading again when its worker restarts. */
public enum ModelState {
  LOADING,
  READY,
  FAILED,
  /** It was asked to serve no more, and to be loaded again later. */
  UNLOADED;

  /** As it appears in JSON. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
