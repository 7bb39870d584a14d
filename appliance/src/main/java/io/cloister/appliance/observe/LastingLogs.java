package io.cloister.appliance.observe;

import java.util.logging.LogManager;

/**
 * The JDK's own, but that handlers stay once they are settled. When a process ends, the JDK takes
 * them away, while its parts are still stopping and have something to say.
 */
public final class LastingLogs extends LogManager {
  private volatile boolean settled;

  /** From now on the handlers stay as they are. */
  void settle() {
    settled = true;
  }

  @Override
  public void reset() {
    if (!settled) {
      super.reset();
    }
  }
}
