package io.cloister.appliance.access;

/** A token was not made or not revoked; nothing was changed. */
public final class TokenRefused extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Kind {
    /** Not what a name may be. */
    BAD_NAME,
    EXISTS,
    UNKNOWN,
    TOO_MANY
  }

  private final Kind kind;

  TokenRefused(Kind kind, String reason) {
    super(reason);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
