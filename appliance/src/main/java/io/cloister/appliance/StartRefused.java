package io.cloister.appliance;

/** The appliance does not start; nothing was left half started. */
final class StartRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final transient StartFault fault;

  StartRefused(StartFault fault) {
    super(fault.toString());
    this.fault = fault;
  }

  StartRefused(StartFault fault, Throwable cause) {
    super(fault.toString(), cause);
    this.fault = fault;
  }

  StartFault fault() {
    return fault;
  }
}
