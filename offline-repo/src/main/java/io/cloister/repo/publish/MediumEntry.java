package io.cloister.repo.publish;

import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * One file of a medium to be.
 *
 * @param name on the medium
 * @param length bytes
 */
record MediumEntry(String name, long length, Content content) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Where its bytes are. */
  sealed interface Content {
    /** Here; never changed. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Bytes(byte[] bytes) implements Content {}

    /** In a file, which must still hold the same when it is copied. */
    record Copy(Path file, Sha256 digest) implements Content {}
  }

  static MediumEntry of(String name, byte[] bytes) {
    return new MediumEntry(name, bytes.length, new Content.Bytes(bytes));
  }

  /** Reads the whole file, for its digest. */
  static MediumEntry copy(String name, Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    long length = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        length += count;
      }
    }
    return new MediumEntry(name, length, new Content.Copy(file, Sha256.of(digest)));
  }

  /**
   * @param digest known already
   */
  static MediumEntry copy(String name, Path file, Sha256 digest) throws IOException {
    return new MediumEntry(name, Files.size(file), new Content.Copy(file, digest));
  }

  /** Writes exactly {@link #length} bytes, those of {@link #digest}. */
  void write(OutputStream out) throws IOException {
    switch (content) {
      case Content.Bytes(byte[] bytes) -> out.write(bytes);
      case Content.Copy(Path file, Sha256 expected) -> {
        if (!copy(file, out).equals(expected)) {
          throw new IOException(file + " changed while it was copied");
        }
      }
    }
  }

  private Sha256 copy(Path file, OutputStream out) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, length))];
    long left = length;
    try (InputStream in = Files.newInputStream(file)) {
      while (left > 0) {
        int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
        if (count == 0) {
          break;
        }
        out.write(buffer, 0, count);
        digest.update(buffer, 0, count);
        left -= count;
      }
      if (left > 0 || in.read() >= 0) {
        throw new IOException(file + " changed its length while it was copied");
      }
    }
    return Sha256.of(digest);
  }

  Sha256 digest() {
    return switch (content) {
      case Content.Bytes(byte[] bytes) -> Sha256.of(bytes);
      case Content.Copy(Path _, Sha256 known) -> known;
    };
  }
}
