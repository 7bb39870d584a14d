package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Copies files of verified packages off a medium in one pass; only proven bytes come out. */
public final class PackageReader {
  private final Medium medium;

  public PackageReader(Medium medium) {
    this.medium = medium;
  }

  /**
   * Writes the plain bytes of a file, chunk by chunk, each proven before it is written. After a
   * refusal the output holds only a proven beginning.
   *
   * @throws IOException of the output only; faults of the medium are refusals
   */
  public void copy(
      VerifiedPackage source, ManifestFile file, OutputStream output, Progress progress)
      throws RefusedException, IOException {
    if (!source.manifest().files().contains(file)) {
      throw new IllegalArgumentException(file.name() + " is not of " + source);
    }
    MessageDigest whole = Sha256.digest();
    for (Chunk chunk : file.chunks()) {
      byte[] plain = read(chunk, holds(source, file, chunk));
      whole.update(plain);
      output.write(plain);
      progress.advance(plain.length);
    }
    Sha256 actual = Sha256.of(whole);
    if (!actual.equals(file.sha256())) {
      throw new RefusedException(
          new MediaRefusal.WrongBytes(
              new Where(file.name(), source.toString()),
              file.length(),
              file.sha256().hex(),
              actual.hex()));
    }
  }

  /** The plain bytes of a chunk, proven stored and plain. */
  byte[] read(Chunk chunk, String holds) throws RefusedException {
    Where where = new Where(chunk.blobPath(), holds);
    byte[] stored = medium.readExactly(where, chunk.storedLength());
    prove(where, stored, chunk.blob());
    if (chunk.zstd().isEmpty()) {
      return stored;
    }
    byte[] plain = Decompression.decompress(where, stored, chunk.length());
    prove(where, plain, chunk.sha256());
    return plain;
  }

  static String holds(VerifiedPackage source, ManifestFile file, Chunk chunk) {
    return "%s: %s, %d bytes from byte %d"
        .formatted(source, file.name(), chunk.length(), chunk.offset());
  }

  private static void prove(Where where, byte[] bytes, Sha256 expected) throws RefusedException {
    Sha256 actual = Sha256.of(bytes);
    if (!actual.equals(expected)) {
      throw new RefusedException(
          new MediaRefusal.WrongBytes(where, bytes.length, expected.hex(), actual.hex()));
    }
  }
}
