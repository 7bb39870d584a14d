package io.cloister.installer;

import java.util.List;

/** Carries all that stands against what was asked, together. */
public final class InstallRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<InstallRefusal> refusals;
  private final boolean tookBack;

  private InstallRefusedException(List<InstallRefusal> refusals, boolean tookBack) {
    super(refusals.toString());
    this.refusals = List.copyOf(refusals);
    this.tookBack = tookBack;
  }

  public InstallRefusedException(InstallRefusal refusal) {
    this(List.of(refusal), false);
  }

  public InstallRefusedException(List<InstallRefusal> refusals) {
    this(refusals, false);
  }

  /** Something was activated, did not hold, and was taken back. */
  public static InstallRefusedException tookBack(List<InstallRefusal> refusals) {
    return new InstallRefusedException(refusals, true);
  }

  public List<InstallRefusal> refusals() {
    return refusals;
  }

  /** Whether an activation had begun and was taken back, so that the old content serves. */
  public boolean tookBack() {
    return tookBack;
  }

  /** What stands against something, of a refusal or of a fault of this machine's files. */
  public static List<InstallRefusal> refusals(Exception fault) {
    return fault instanceof InstallRefusedException refused
        ? refused.refusals()
        : List.of(new InstallRefusal.HostFileFault("", String.valueOf(fault.getMessage())));
  }
}
