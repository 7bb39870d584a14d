package io.cloister.repo.client;

import io.cloister.repo.metadata.Sha256;
import java.nio.file.Path;

/** Where the first trust comes from: it must reach the machine by another way than the medium. */
public sealed interface Anchor {

  /** A {@code root.json} of any version. */
  record RootFile(Path file) implements Anchor {}

  /** The digest of the medium's {@code metadata/1.root.json}, e.g. from the vendor's letter. */
  record RootDigest(Sha256 sha256) implements Anchor {}

  /**
   * As typed: {@code sha256:HEX} or a file. Throws IllegalArgumentException on a malformed digest.
   */
  static Anchor parse(String text) {
    String prefix = "sha256:";
    return text.startsWith(prefix)
        ? new RootDigest(new Sha256(text.substring(prefix.length())))
        : new RootFile(Path.of(text));
  }
}
