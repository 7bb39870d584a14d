package io.cloister.repo.media;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.FileName;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.metadata.Sha256;
import java.util.Optional;
import java.util.regex.Pattern;

/** The parts of a bundle, in the order in which they must come, and the names in each. */
enum BundleSection {
  METADATA("metadata/[^/]+\\.json", 5_000_000),
  TARGETS("targets/.+\\.json", PackageManifest.BYTES_MAX),
  /** Read-me, lists, the bootstrap archive. */
  TOP("[^/]+", 4L << 30),
  BLOBS(Blob.FOLDER + "([0-9a-f]{2})/\\1[0-9a-f]{62}", Chunk.LENGTH_MAX),
  PARITY(Blob.PARITY_FOLDER + "([0-9a-f]{2})/\\1[0-9a-f]{62}", Chunk.LENGTH_MAX);

  /** Of all files at the top together: nobody signed them. */
  static final long TOP_BYTES_MAX = 16L << 30;

  private static final Pattern FOLDERS =
      Pattern.compile("metadata|targets(/.+)?|(blobs|parity)(/sha256(/[0-9a-f]{2})?)?");
  private static final int DIGEST_DIGITS = 64;

  private final Pattern names;
  private final long bytesMax;

  BundleSection(String names, long bytesMax) {
    this.names = Pattern.compile(names);
    this.bytesMax = bytesMax;
  }

  /** Throws IllegalArgumentException on a name or length that no section has. */
  static BundleSection of(String name, long length) {
    FileName.check(name);
    for (BundleSection section : values()) {
      if (section.names.matcher(name).matches()) {
        if (length > section.bytesMax) {
          throw new IllegalArgumentException(
              "%d bytes, allowed %d".formatted(length, section.bytesMax));
        }
        return section;
      }
    }
    throw new IllegalArgumentException("a name that no bundle has");
  }

  /** For refusals. */
  String words() {
    return switch (this) {
      case METADATA -> "metadata";
      case TARGETS -> "manifests";
      case TOP -> "the files at the top";
      case BLOBS -> "blobs";
      case PARITY -> "parity";
    };
  }

  /** Folders say nothing; they are let pass where they are those of a medium. */
  static void checkFolder(String name) {
    String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    if (!FOLDERS.matcher(FileName.check(plain)).matches()) {
      throw new IllegalArgumentException("a folder that no bundle has");
    }
  }

  /** The digest that the name of a blob is. */
  static Optional<Sha256> findBlob(String name) {
    return BLOBS.names.matcher(name).matches()
        ? Optional.of(new Sha256(name.substring(name.length() - DIGEST_DIGITS)))
        : Optional.empty();
  }
}
