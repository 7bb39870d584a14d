package io.cloister.appliance.database;

/** The database could not be opened or did not take a statement: the disk, or a defect of ours. */
public final class DatabaseFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DatabaseFault(String message, Throwable cause) {
    super(message, cause);
  }

  /** With what the database says, but for its statement. */
  public String words() {
    String cause = getCause() == null ? "" : String.valueOf(getCause().getMessage());
    return getMessage() + ": " + cause.lines().findFirst().orElse("").replaceAll("; SQL .*", "");
  }
}
