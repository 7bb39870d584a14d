package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadKeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where passphrases and PINs come from.
 *
 * @param given tried in order, before a person is asked
 * @param person asked with what it is for; empty where there is no terminal
 */
public record Passphrases(List<char[]> given, Function<String, Optional<char[]>> person) {
  private static final int BYTES_MAX = 4096;

  public Passphrases {
    given = List.copyOf(given);
  }

  /** Each file holds one, in its first line. */
  public static Passphrases of(List<Path> files, Function<String, Optional<char[]>> person)
      throws RefusedException {
    List<char[]> given = new ArrayList<>();
    for (Path file : files) {
      given.add(read(file));
    }
    return new Passphrases(given, person);
  }

  /** The first line of a file, which must not be empty. */
  public static char[] read(Path file) throws RefusedException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new RefusedException(new BadKeyFile(file.toString(), "too long for a passphrase"));
      }
      String first = Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      if (first.isEmpty()) {
        throw new RefusedException(
            new BadKeyFile(file.toString(), "its first line, the passphrase, is empty"));
      }
      return first.toCharArray();
    } catch (IOException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), "cannot be read: " + e));
    }
  }
}
