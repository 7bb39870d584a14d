package io.cloister.appliance.admin;

import io.cloister.appliance.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * One release follows another while callers call: the old one hands its data over, the new one
 * listens when it is told to, and then the old one is stopped.
 *
 * @param database of this release
 * @param databases folder of those of all releases
 * @param listening begins to listen; what listens already stays as it is
 */
public record Succession(Database database, Path databases, Listening listening) {
  /** {@code kept} is the next install's, {@code backup} a file's. */
  private static final Pattern RELEASE = Pattern.compile("[0-9][0-9a-z.-]{0,63}|kept|backup");

  /** Opens the listeners. */
  @FunctionalInterface
  public interface Listening {
    void begin() throws IOException;
  }

  /**
   * Gives the data to that release, and takes no changes from then on.
   *
   * @throws IOException when it cannot be written, or that is no release
   */
  public void handOver(String successor) throws IOException {
    if (!RELEASE.matcher(successor).matches()) {
      throw new IOException("not a release: " + successor);
    }
    database.handOver(databases.resolve(successor));
  }

  /** The successor did not hold: takes changes again. */
  void resume() {
    database.resume();
  }

  void takeOver() throws IOException {
    listening.begin();
  }
}
