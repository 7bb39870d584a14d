package io.cloister.appliance.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the appliance's own data is encrypted with: 32 random bytes that the host keeps, and gives
 * to the service alone (systemd.exec(5), Credentials).
 *
 * @param hex 64 digits
 */
public record DataKey(String hex) {
  private static final String CREDENTIAL = "data-key";
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  public DataKey {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("a data key is 64 hexadecimal digits");
    }
  }

  /**
   * The one given to this process; empty where the host has none, as below {@code --root DIR}.
   *
   * @throws IOException when there is one that cannot be used
   */
  public static Optional<DataKey> find(Map<String, String> environment) throws IOException {
    String folder = environment.get("CREDENTIALS_DIRECTORY");
    if (folder == null || !Files.exists(Path.of(folder, CREDENTIAL))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DataKey(Files.readString(Path.of(folder, CREDENTIAL)).strip()));
    } catch (IllegalArgumentException e) {
      throw new IOException("the credential " + CREDENTIAL + ": " + e.getMessage(), e);
    }
  }

  /** Without the key: it is never to be seen in a log. */
  @Override
  public String toString() {
    return "DataKey";
  }
}
