package io.cloister.appliance.observe;

import java.lang.System.Logger.Level;

/** A process whose parts take a while to stop, and say something then. */
final class LastWords {
  static final String SAID = "the worker took its time";

  private LastWords() {}

  public static void main(String[] args) {
    var _ = JsonLog.ofThisProcess(System.out);
    System.Logger log = System.getLogger("io.cloister.test");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(log), "stop"));
  }

  private static void stop(System.Logger log) {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.log(Level.INFO, SAID);
  }
}
