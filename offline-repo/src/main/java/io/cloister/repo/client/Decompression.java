package io.cloister.repo.client;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.cloister.repo.MediaRefusal.BadCompression;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;

/** Bounded decompression: the output buffer has the stated length and nothing grows. */
final class Decompression {
  private Decompression() {}

  static byte[] decompress(Where where, byte[] stored, int length) throws RefusedException {
    byte[] plain = new byte[length];
    long count;
    try {
      count = Zstd.decompressByteArray(plain, 0, length, stored, 0, stored.length);
    } catch (ZstdException e) {
      throw new RefusedException(new BadCompression(where, length, String.valueOf(e.getMessage())));
    }
    if (count != length) {
      throw new RefusedException(
          new BadCompression(where, length, "ends after " + count + " bytes"));
    }
    return plain;
  }
}
