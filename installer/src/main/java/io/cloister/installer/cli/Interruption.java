package io.cloister.installer.cli;

/** Says what is left and what to do, where a signal ends the command in the middle of a change. */
final class Interruption implements AutoCloseable {
  private final Thread words;

  private Interruption(Thread words) {
    this.words = words;
  }

  /**
   * Until it is closed.
   *
   * @param command that takes away what was begun
   */
  static Interruption before(Session session, String command) {
    String next = session.cloister() + " " + command;
    return watch(session, "interrupted; the next command takes away what was begun: " + next);
  }

  /**
   * Until it is closed.
   *
   * @param said when the signal comes
   */
  static Interruption watch(Session session, String said) {
    Thread words = new Thread(() -> session.say(said));
    Runtime.getRuntime().addShutdownHook(words);
    return new Interruption(words);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(words);
    } catch (IllegalStateException ending) {
      // The signal came between the last step and here: it is said, and nothing is lost by that.
    }
  }
}
