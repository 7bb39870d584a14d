package io.cloister.appliance.scrub;

import io.cloister.repo.content.DirectOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is read slowly, and past the page cache where the file system can: what the cache
 * still has right may be wrong on the disk, and what serves needs the cache for itself.
 */
final class SlowFile extends InputStream {
  private static final int PIECE_BYTES = 1 << 20;

  private final Path file;
  private final Pace pace;
  private final ByteBuffer piece;
  private FileChannel channel;
  private boolean direct;
  private long offset;

  private SlowFile(Path file, Pace pace, ByteBuffer piece) throws IOException {
    this.file = file;
    this.pace = pace;
    this.piece = piece;
    this.direct = DirectOption.find().isPresent();
    this.channel = open(DirectOption.find());
    piece.limit(0);
  }

  /** A buffer for one file after the other, aligned as direct reads need it. */
  static ByteBuffer buffer() {
    return Arena.ofAuto().allocate(PIECE_BYTES, PIECE_BYTES).asByteBuffer();
  }

  static SlowFile open(Path file, Pace pace, ByteBuffer buffer) throws IOException {
    return new SlowFile(file, pace, buffer);
  }

  private FileChannel open(Optional<OpenOption> option) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    option.ifPresent(options::add);
    try {
      return FileChannel.open(file, options);
    } catch (IOException | UnsupportedOperationException e) {
      if (option.isEmpty()) {
        throw e;
      }
      direct = false;
      return open(Optional.empty());
    }
  }

  /** The next piece; false at the end. */
  private boolean fill() throws IOException {
    int read = readPiece();
    piece.flip();
    if (read <= 0) {
      piece.limit(0);
      return false;
    }
    offset += read;
    pace.take(read);
    return true;
  }

  private int readPiece() throws IOException {
    // A short read leaves a place that cannot be read from directly.
    if (direct && offset % PIECE_BYTES != 0) {
      goOnThroughTheCache();
    }
    piece.clear();
    try {
      return channel.read(piece, offset);
    } catch (IOException e) {
      if (!direct || !isUnfit(e)) {
        throw e;
      }
      goOnThroughTheCache();
      piece.clear();
      return channel.read(piece, offset);
    }
  }

  /**
   * Whether this file system cannot be read so (open(2), EINVAL); anything else is wrong with the
   * disk, and the cache would hide it. Java has only the words, which are English in the service.
   */
  static boolean isUnfit(IOException fault) {
    return String.valueOf(fault.getMessage()).contains("Invalid argument");
  }

  private void goOnThroughTheCache() throws IOException {
    channel.close();
    direct = false;
    channel = open(Optional.empty());
  }

  @Override
  public int read() throws IOException {
    return piece.hasRemaining() || fill() ? Byte.toUnsignedInt(piece.get()) : -1;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!piece.hasRemaining() && !fill()) {
      return -1;
    }
    int count = Math.min(length, piece.remaining());
    piece.get(bytes, from, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
