package io.cloister.appliance.http2;

import java.io.IOException;

/** What the peer did that ends its connection (RFC 9113 §5.4.1). */
final class ConnectionFault extends IOException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;

  ConnectionFault(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
