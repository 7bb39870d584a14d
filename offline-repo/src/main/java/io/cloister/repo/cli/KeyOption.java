package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadToken;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.keys.Token;
import io.cloister.repo.keys.TokenUri;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.publish.KeyFile;
import io.cloister.repo.publish.Passphrases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Reads the keys named on a command line, and asks for their passphrases. */
final class KeyOption {
  private final Function<String, Optional<char[]>> person;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "Its first line is the passphrase of a key; may be repeated. Without"
              + " it a person is asked.")
  private List<Path> passphraseFiles = List.of();

  /**
   * @param person asked for what no file holds; empty where there is no terminal
   */
  KeyOption(Function<String, Optional<char[]>> person) {
    this.person = person;
  }

  /** A key, and its private half where that is at hand. */
  record Half(Key key, Optional<SigningKey> secret) {}

  /** By what the command line calls them. */
  Map<String, SigningKey> read(List<String> sources) throws RefusedException {
    Map<String, SigningKey> keys = new LinkedHashMap<>();
    for (String source : sources) {
      keys.put(source, read(source));
    }
    return keys;
  }

  SigningKey read(String source) throws RefusedException {
    return TokenUri.isTokenUri(source)
        ? openToken(source)
        : KeyFile.read(Path.of(source), passphrases());
  }

  /** Takes public keys too. */
  List<Half> readHalves(List<String> sources) throws RefusedException {
    List<Half> halves = new ArrayList<>();
    for (String source : sources) {
      Optional<Key> half =
          TokenUri.isTokenUri(source) ? Optional.empty() : KeyFile.findPublic(Path.of(source));
      if (half.isPresent()) {
        halves.add(new Half(half.get(), Optional.empty()));
      } else {
        SigningKey key = read(source);
        halves.add(new Half(key.key(), Optional.of(key)));
      }
    }
    return halves;
  }

  List<Key> readPublic(List<String> sources) throws RefusedException {
    return readHalves(sources).stream().map(Half::key).toList();
  }

  private SigningKey openToken(String source) throws RefusedException {
    try {
      TokenUri uri = TokenUri.parse(source);
      return Token.open(uri, pin(uri));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(new BadToken(source, String.valueOf(e.getMessage())));
    }
  }

  /** A wrong PIN is never tried: after three of them many tokens lock themselves. */
  private char[] pin(TokenUri uri) throws RefusedException {
    if (uri.pinSource().isPresent()) {
      return Passphrases.read(uri.pinSource().get());
    }
    return person
        .apply("PIN of token " + uri.token())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "it has a PIN and there is no terminal to ask; add pin-source=file:FILE"));
  }

  Passphrases passphrases() throws RefusedException {
    return Passphrases.of(passphraseFiles, person);
  }
}
