package io.cloister.repo.content;

import io.cloister.repo.metadata.Sha256;
import java.util.Optional;

/**
 * A part of a file, stored as one blob.
 *
 * @param offset in the file, bytes
 * @param length of the plain bytes
 * @param sha256 of the plain bytes
 * @param zstd how it is stored where not plain
 */
public record Chunk(long offset, int length, Sha256 sha256, Optional<Zstd> zstd) {
  /** So that a reader needs a bounded buffer, whatever a manifest says. */
  public static final int LENGTH_MAX = 16 << 20;

  /** Where the blobs of packages lie on a medium. */
  public static final String BLOB_FOLDER = "blobs/sha256/";

  /**
   * A zstd frame (RFC 8878).
   *
   * @param length of the frame, less than the plain length
   * @param sha256 of the frame
   */
  public record Zstd(int length, Sha256 sha256) {}

  public Chunk {
    if (offset < 0) {
      throw new IllegalArgumentException("chunk offset is " + offset);
    }
    if (length < 1 || length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "chunk length is %d, allowed 1 to %d".formatted(length, LENGTH_MAX));
    }
    if (zstd.isPresent() && (zstd.get().length() < 1 || zstd.get().length() >= length)) {
      throw new IllegalArgumentException(
          "chunk stores %d bytes as %d".formatted(length, zstd.get().length()));
    }
  }

  /** The same bytes, wherever they lie in a file: packages share chunks. */
  public Chunk atStart() {
    return offset == 0 ? this : new Chunk(0, length, sha256, zstd);
  }

  /** Digest of the stored bytes, which is the blob's name. */
  public Sha256 blob() {
    return zstd.map(Zstd::sha256).orElse(sha256);
  }

  /** Bytes on the medium. */
  public int storedLength() {
    return zstd.map(Zstd::length).orElse(length);
  }

  /** Where the blob lies on a medium. */
  public String blobPath() {
    return blob().below(BLOB_FOLDER);
  }
}
