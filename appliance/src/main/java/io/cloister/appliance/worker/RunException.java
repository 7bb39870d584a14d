package io.cloister.appliance.worker;

/** A run that gave no result. */
public final class RunException extends Exception {
  private static final long serialVersionUID = 1;

  /** Who is to blame. */
  public enum Kind {
    /** The request's content. */
    CONTENT,
    /** The model reported an error; the worker goes on. */
    MODEL,
    /** The server had no room for the result, and may have it later. */
    NO_ROOM,
    /** The worker process ended while it had the request. */
    ENDED,
    /** The worker process ended before it got the request: nothing was run. */
    UNSENT
  }

  private final Kind kind;

  public RunException(Kind kind, String reason) {
    super(reason);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
