package io.cloister.appliance.worker;

/** The server has no room for an answer; its worker does nothing wrong and goes on. */
final class AnswerTooLong extends FrameException {
  private static final long serialVersionUID = 1;

  private final RunException.Kind kind;

  AnswerTooLong(RunException.Kind kind, String reason) {
    super(reason);
    this.kind = kind;
  }

  /** Whether it will be too long later, too. */
  RunException.Kind kind() {
    return kind;
  }
}
