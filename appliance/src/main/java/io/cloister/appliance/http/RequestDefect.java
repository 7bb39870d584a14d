package io.cloister.appliance.http;

/**
 * Carries into the log what ended a request that was not at fault. Its id is a field there and in
 * no message: callers choose it, and messages leave in a support archive.
 */
public final class RequestDefect extends Exception {
  private static final long serialVersionUID = 1;

  private final String requestId;

  public RequestDefect(String requestId, Throwable cause) {
    super("a request ended in a defect", cause);
    this.requestId = requestId;
  }

  public String requestId() {
    return requestId;
  }
}
