package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.security.MessageDigest;
import java.util.Arrays;

/** An open file of a medium, read once from start to end; faults become refusals. */
final class MediumFile implements AutoCloseable {
  private static final int FIRST_BYTES = 1 << 16;

  /** Few enough to be hashed before they leave the processor's cache. */
  private static final int HASHED_BYTES = 1 << 17;

  private final Where where;
  private final InputStream stream;
  private long offset;

  MediumFile(Where where, InputStream stream) {
    this.where = where;
    this.stream = stream;
  }

  /** As many bytes as fit, fewer only at the end of the file; 0 at the end. */
  int read(byte[] buffer, int from, int length) throws RefusedException {
    try {
      int count = stream.readNBytes(buffer, from, length);
      offset += count;
      return count;
    } catch (IOException e) {
      throw refused(where, offset, e);
    }
  }

  /** Fills the array with the whole file, and returns the digest of what was read. */
  Sha256 readExactly(byte[] bytes) throws RefusedException {
    MessageDigest digest = Sha256.digest();
    int count = 0;
    int more = 1;
    while (more > 0) {
      more = read(bytes, count, Math.min(HASHED_BYTES, bytes.length - count));
      digest.update(bytes, count, more);
      count += more;
    }
    if (count < bytes.length) {
      throw new RefusedException(new MediaRefusal.WrongLength(where, bytes.length, count));
    }
    if (read(new byte[1], 0, 1) > 0) {
      throw new RefusedException(new MediaRefusal.WrongLength(where, count, count + 1L));
    }
    return Sha256.of(digest);
  }

  /** Grows with what is there: a small file with a large limit takes little memory. */
  byte[] readUpTo(int bytesMax) throws RefusedException {
    byte[] bytes = new byte[Math.min(FIRST_BYTES, bytesMax + 1)];
    int count = 0;
    while (true) {
      int more = read(bytes, count, bytes.length - count);
      count += more;
      if (count > bytesMax) {
        throw new RefusedException(new MediaRefusal.TooLong(where, bytesMax));
      }
      if (count < bytes.length) {
        return Arrays.copyOf(bytes, count);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(2L * bytes.length, bytesMax + 1L));
    }
  }

  @Override
  public void close() throws RefusedException {
    try {
      stream.close();
    } catch (IOException e) {
      throw refused(where, offset, e);
    }
  }

  /** A drive that fails and a user who may not read need different remedies. */
  static RefusedException refused(Where where, long offset, IOException fault) {
    return new RefusedException(
        fault instanceof AccessDeniedException
            ? new MediaRefusal.NotPermitted(where, System.getProperty("user.name", ""))
            : new MediaRefusal.Unreadable(where, offset, words(fault)));
  }

  static String words(IOException fault) {
    if (fault instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    String message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }
}
