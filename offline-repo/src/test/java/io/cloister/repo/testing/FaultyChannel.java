package io.cloister.repo.testing;

import io.cloister.repo.testing.FaultyFileSystem.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/** A channel whose writing and forcing count as effects. It forces nothing: no power is cut. */
final class FaultyChannel extends FileChannel {
  private final FileChannel real;
  private final Path path;
  private final Optional<Object> key;
  private final Disk disk;
  private final Scratch scratch;

  /**
   * @param key what the path stands for now, where that counts
   */
  FaultyChannel(FileChannel real, Path path, Optional<Object> key, Disk disk, Scratch scratch) {
    this.real = real;
    this.path = path;
    this.key = key;
    this.disk = disk;
    this.scratch = scratch;
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    int count = read(buffer, real.position());
    real.position(real.position() + Math.max(0, count));
    return count;
  }

  @Override
  public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
    return real.read(buffers, offset, length);
  }

  @Override
  public int read(ByteBuffer buffer, long position) throws IOException {
    disk.look();
    if (position >= scratch.from() && position < scratch.to()) {
      throw new IOException("Input/output error");
    }
    int limit = buffer.limit();
    if (position < scratch.from() && position + buffer.remaining() > scratch.from()) {
      buffer.limit(buffer.position() + (int) (scratch.from() - position));
    }
    try {
      return real.read(buffer, position);
    } finally {
      buffer.limit(limit);
    }
  }

  @Override
  public int write(ByteBuffer buffer) throws IOException {
    return write(buffer, () -> real.write(buffer));
  }

  @Override
  public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer buffer, long position) throws IOException {
    return write(buffer, () -> real.write(buffer, position));
  }

  @FunctionalInterface
  private interface Writing {
    int write() throws IOException;
  }

  private int write(ByteBuffer buffer, Writing writing) throws IOException {
    boolean torn = disk.beginWrite(path);
    if (torn) {
      buffer.limit(buffer.position() + buffer.remaining() / 2);
    }
    int written = writing.write();
    if (torn) {
      disk.look();
    }
    return written;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    disk.force(path, key);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    if (size < real.size()) {
      disk.beginCutOff(path);
    }
    real.truncate(size);
    return this;
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return real.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    if (!mode.equals(MapMode.READ_ONLY)) {
      throw new UnsupportedOperationException();
    }
    return real.map(mode, position, size);
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker")
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  @SuppressWarnings({"MustBeClosedChecker", "NullAway"})
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
