package io.cloister.repo.client;

import com.github.luben.zstd.Zstd;
import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;

/** Bounded decompression: the output buffer has the stated length and nothing grows. */
final class Decompression {
  private Decompression() {}

  static byte[] decompress(Where where, byte[] stored, int length) throws RefusedException {
    byte[] plain = new byte[length];
    long result = Zstd.decompressByteArray(plain, 0, length, stored, 0, stored.length);
    if (Zstd.isError(result)) {
      throw new RefusedException(
          new MediaRefusal.BadCompression(where, length, Zstd.getErrorName(result)));
    }
    if (result != length) {
      throw new RefusedException(
          new MediaRefusal.BadCompression(where, length, "ends after " + result + " bytes"));
    }
    return plain;
  }
}
