package io.cloister.repo.publish;

import io.cloister.repo.metadata.Sha256;
import java.io.ByteArrayInputStream;
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

    /** In a file. */
    record Copy(Path file) implements Content {}
  }

  static MediumEntry of(String name, byte[] bytes) {
    return new MediumEntry(name, bytes.length, new Content.Bytes(bytes));
  }

  static MediumEntry copy(String name, Path file) throws IOException {
    return new MediumEntry(name, Files.size(file), new Content.Copy(file));
  }

  /** Writes exactly {@link #length} bytes. */
  void write(OutputStream out) throws IOException {
    if (content instanceof Content.Bytes(byte[] bytes)) {
      out.write(bytes);
      return;
    }
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, length))];
    long left = length;
    try (InputStream in = open()) {
      while (left > 0) {
        int count = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
        if (count == 0) {
          break;
        }
        out.write(buffer, 0, count);
        left -= count;
      }
      if (left > 0 || in.read() >= 0) {
        throw new IOException(name + " changed its length while it was copied");
      }
    }
  }

  Sha256 digest() throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = open()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return Sha256.of(digest);
  }

  private InputStream open() throws IOException {
    return switch (content) {
      case Content.Bytes(byte[] bytes) -> new ByteArrayInputStream(bytes);
      case Content.Copy(Path file) -> Files.newInputStream(file);
    };
  }
}
