package io.cloister.installer.cli;

import io.cloister.installer.InstallRefusal.PassphraseUnusable;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The passphrase of a backup: the first line of a file, or typed unseen; never an argument, which
 * everybody on a machine can read.
 *
 * @param file as given with {@code --passphrase-file}
 */
record Passphrase(Console console, Optional<Path> file) {
  static final int CHARACTERS_MIN = 12;
  private static final int BYTES_MAX = 4096;
  private static final String TERMINAL = "the terminal";

  /** For a backup that is made: long enough, and typed twice. */
  char[] choose() throws InstallRefusedException {
    char[] chosen = get("passphrase of the backup, at least " + CHARACTERS_MIN + " characters:");
    String from = file.map(Path::toString).orElse(TERMINAL);
    if (Character.codePointCount(chosen, 0, chosen.length) < CHARACTERS_MIN) {
      throw refused(from, "under " + CHARACTERS_MIN + " characters");
    }
    if (file.isEmpty() && !Arrays.equals(chosen, get("the same again:"))) {
      throw refused(from, "the two differ");
    }
    return chosen;
  }

  /** Of a backup that is there. */
  char[] find() throws InstallRefusedException {
    return get("passphrase of the backup:");
  }

  private char[] get(String question) throws InstallRefusedException {
    if (file.isPresent()) {
      return read(file.get());
    }
    return console
        .askSecret(question)
        .orElseThrow(() -> refused(TERMINAL, "nobody is there to type one"));
  }

  private static char[] read(Path file) throws InstallRefusedException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw refused(file.toString(), "over " + BYTES_MAX + " bytes");
      }
      return Files.readString(file, StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElse("")
          .toCharArray();
    } catch (IOException e) {
      throw refused(file.toString(), "cannot be read: " + e);
    }
  }

  private static InstallRefusedException refused(String from, String fault) {
    return new InstallRefusedException(new PassphraseUnusable(from, fault));
  }
}
