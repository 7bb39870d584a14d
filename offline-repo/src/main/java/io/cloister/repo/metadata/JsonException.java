package io.cloister.repo.metadata;

/** JSON that breaks a rule; the message says which and where. Callers add the file's name. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  public JsonException(String message) {
    super(message);
  }
}
