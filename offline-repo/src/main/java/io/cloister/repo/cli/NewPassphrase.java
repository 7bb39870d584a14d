package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.publish.Passphrases;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The passphrase of a key that is made. */
final class NewPassphrase {
  private final Function<String, Optional<char[]>> person;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Encrypt the key; the first line of this file is its passphrase.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--passphrase", description = "Encrypt the key; ask for its passphrase.")
  private boolean ask;

  /**
   * @param person asked twice; empty where there is no terminal
   */
  NewPassphrase(Function<String, Optional<char[]>> person) {
    this.person = person;
  }

  /** Empty where none is wanted. */
  Optional<char[]> find(Path key) throws RefusedException {
    if (file.isPresent()) {
      return Optional.of(Passphrases.read(file.get()));
    }
    return ask ? Optional.of(typedTwice(key)) : Optional.empty();
  }

  private char[] typedTwice(Path key) throws RefusedException {
    char[] first = typed("passphrase of " + key);
    if (first.length == 0) {
      throw refused("it is empty");
    }
    if (!Arrays.equals(first, typed("the same again"))) {
      throw refused("the two differ");
    }
    return first;
  }

  private char[] typed(String what) throws RefusedException {
    return person
        .apply(what)
        .orElseThrow(() -> refused("there is no terminal to ask; give --passphrase-file"));
  }

  private static RefusedException refused(String fault) {
    return new RefusedException(new BadArgument("--passphrase", fault));
  }
}
