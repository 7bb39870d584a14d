package io.cloister.repo.testing;

/** The end of a process, as far as one can end that goes on testing: nothing handles an Error. */
public final class PowerCut extends Error {
  private static final long serialVersionUID = 1;

  PowerCut() {
    super("the power is cut", null, false, true);
  }
}
