package io.cloister.appliance.http2;

import java.io.IOException;

/** Nobody is there any more: the caller reset the stream, or its connection ended. */
public final class StreamEnded extends IOException {
  private static final long serialVersionUID = 1;

  StreamEnded(String message) {
    super(message);
  }
}
