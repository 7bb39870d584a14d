package io.cloister.installer;

/** How a machine is left. */
public enum Standing {
  /** Nothing is installed. */
  BARE,
  /** Something is installed, and does not run. */
  STOPPED,
  SERVING
}
