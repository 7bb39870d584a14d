package io.cloister.repo;

/** How a command ends. The numbers are part of the product's interface: scripts rely on them. */
public enum ExitCode {
  DONE(0),
  DEFECT(1),
  USAGE(2),
  REFUSED(3),
  HOST_UNFIT(4),
  MEDIA_FAULT(5),
  BUSY(6),
  ROLLED_BACK(7),
  DOWN(8);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process exit status. */
  public int number() {
    return number;
  }
}
