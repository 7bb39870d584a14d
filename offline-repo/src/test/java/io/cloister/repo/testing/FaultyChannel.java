package io.cloister.repo.testing;

import io.cloister.repo.testing.FaultyFileSystem.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel whose writing and forcing count as operations. */
final class FaultyChannel extends FileChannel {
  private final FileChannel real;
  private final FaultyFileSystem faults;

  private final Scratch scratch;

  FaultyChannel(FileChannel real, FaultyFileSystem faults, Scratch scratch) {
    this.real = real;
    this.faults = faults;
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
    faults.change();
    return real.write(buffer);
  }

  @Override
  public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
    faults.change();
    return real.write(buffers, offset, length);
  }

  @Override
  public int write(ByteBuffer buffer, long position) throws IOException {
    faults.change();
    return real.write(buffer, position);
  }

  @Override
  public void force(boolean metadata) throws IOException {
    faults.change();
    real.force(metadata);
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
    faults.change();
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
    faults.change();
    return real.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
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
