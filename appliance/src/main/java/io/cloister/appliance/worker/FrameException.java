package io.cloister.appliance.worker;

import java.io.IOException;

/** Bytes that are not a frame of the worker protocol. */
class FrameException extends IOException {
  private static final long serialVersionUID = 1;

  FrameException(String message) {
    super(message);
  }
}
