package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.MediaRefusal.WrongLength;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.metadata.Sha256;
import java.util.function.Supplier;

/**
 * Stored bytes that a signed manifest names, or parity of such.
 *
 * @param folder where it lies, {@code /}-terminated
 * @param sha256 of the stored bytes, and so the name
 * @param length bytes as stored
 * @param holds what they are good for, made into words only when something is wrong
 */
public record Blob(String folder, Sha256 sha256, int length, Supplier<String> holds) {
  /** Where the blobs of packages lie. */
  public static final String FOLDER = Chunk.BLOB_FOLDER;

  /** Where parity lies. */
  public static final String PARITY_FOLDER = "parity/sha256/";

  public Blob(Sha256 sha256, int length, Supplier<String> holds) {
    this(FOLDER, sha256, length, holds);
  }

  /** On every medium. */
  public String path() {
    return sha256.below(folder);
  }

  Where where() {
    return new Where(path(), holds.get());
  }

  /** Returns the bytes where they are these. */
  byte[] prove(byte[] bytes) throws RefusedException {
    if (bytes.length != length) {
      throw new RefusedException(new WrongLength(where(), length, bytes.length));
    }
    return prove(bytes, Sha256.of(bytes));
  }

  /** Likewise, where they were hashed as they were read. */
  byte[] prove(byte[] bytes, Sha256 actual) throws RefusedException {
    if (!actual.equals(sha256)) {
      throw new RefusedException(new WrongBytes(where(), bytes.length, sha256.hex(), actual.hex()));
    }
    return bytes;
  }
}
