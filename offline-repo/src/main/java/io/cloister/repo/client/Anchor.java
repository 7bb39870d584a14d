package io.cloister.repo.client;

import io.cloister.repo.metadata.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the first trust comes from: it must reach the machine by another way than the medium. */
public sealed interface Anchor {
  String DIGEST = "sha256:";

  /** A {@code root.json} of any version. */
  record RootFile(Path file) implements Anchor {}

  /** The digest of the medium's {@code metadata/1.root.json}, e.g. from the vendor's letter. */
  record RootDigest(Sha256 sha256) implements Anchor {}

  /**
   * As typed: {@code sha256:HEX} or a file. Throws IllegalArgumentException on a malformed digest,
   * and where there is no such file: a digest without its prefix must not be taken for bad
   * metadata.
   */
  static Anchor parse(String text) {
    if (text.startsWith(DIGEST)) {
      return new RootDigest(new Sha256(text.substring(DIGEST.length())));
    }
    Path file = Path.of(text);
    if (Files.notExists(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException("no file %s; give a file or sha256:HEX".formatted(text));
    }
    return new RootFile(file);
  }
}
