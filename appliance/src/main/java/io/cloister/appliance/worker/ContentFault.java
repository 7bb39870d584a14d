package io.cloister.appliance.worker;

/** A request whose content cannot be run, through no fault of the model. */
final class ContentFault extends Exception {
  private static final long serialVersionUID = 1;

  ContentFault(String reason) {
    super(reason);
  }
}
