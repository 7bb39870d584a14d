package io.cloister.repo.media;

import io.cloister.repo.content.FileName;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Writes a bundle: ustar, with an extended header where a name is too long. Equal members give
 * equal bytes.
 */
public final class TarWriter {
  /** What ends an archive. */
  public static final int END_BYTES = 2 * TarHeader.BLOCK_BYTES;

  private static final byte[] ZEROS = new byte[END_BYTES];

  private final OutputStream out;
  private final long modifiedSeconds;

  /**
   * Writes to a stream.
   *
   * @param modified every member has this time
   */
  public TarWriter(OutputStream out, Instant modified) {
    this.out = out;
    this.modifiedSeconds = Math.max(0, modified.getEpochSecond());
  }

  /** Begins a member; {@code length} bytes must be written next. */
  public void begin(String name, long length) throws IOException {
    FileName.check(name);
    if (!TarHeader.fits(name)) {
      byte[] path = PaxRecords.encodePath(name);
      header("pax", path.length, TarHeader.Type.EXTENDED);
      out.write(path);
      end(path.length);
    }
    header(TarHeader.shown(name), length, TarHeader.Type.FILE);
  }

  /** Ends a member of so many bytes. */
  public void end(long length) throws IOException {
    out.write(ZEROS, 0, padding(length));
  }

  /** A whole member. */
  public void write(String name, byte[] bytes) throws IOException {
    begin(name, bytes.length);
    out.write(bytes);
    end(bytes.length);
  }

  /** Ends the archive. */
  public void finish() throws IOException {
    out.write(ZEROS);
  }

  /** What a member of this name and length takes. */
  public static long memberBytes(String name, long length) {
    long header = TarHeader.fits(name) ? 1 : 3;
    return header * TarHeader.BLOCK_BYTES + length + padding(length);
  }

  private static int padding(long length) {
    return (int) (-length & (TarHeader.BLOCK_BYTES - 1));
  }

  private void header(String name, long length, TarHeader.Type type) throws IOException {
    out.write(new TarHeader(name, length, type).encode(modifiedSeconds));
  }
}
