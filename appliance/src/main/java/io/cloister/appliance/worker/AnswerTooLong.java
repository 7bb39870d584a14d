package io.cloister.appliance.worker;

/** The server has no room for an answer; its worker does nothing wrong and goes on. */
final class AnswerTooLong extends FrameException {
  private static final long serialVersionUID = 1;

  AnswerTooLong(String reason) {
    super(reason);
  }
}
