package io.cloister.repo.media;

import io.cloister.repo.RefusedException;
import java.io.IOException;
import java.util.List;

/**
 * All blobs of a medium one after the other, as parity sees them: where each begins, and what of
 * which is in a range.
 */
public final class BlobStream {
  private final List<Blob> blobs;
  private final long[] starts;

  /** In manifest order. */
  public BlobStream(List<Blob> blobs) {
    this.blobs = List.copyOf(blobs);
    this.starts = new long[blobs.size() + 1];
    for (int i = 0; i < this.blobs.size(); i++) {
      starts[i + 1] = starts[i] + this.blobs.get(i).length();
    }
  }

  /** Reads a part of one blob. */
  @FunctionalInterface
  public interface Source {
    /**
     * Copies {@code length} bytes of the blob, from {@code from} on, to {@code at} in the buffer.
     */
    void read(Blob blob, int from, byte[] buffer, int at, int length)
        throws RefusedException, IOException;
  }

  public long length() {
    return starts[starts.length - 1];
  }

  public int count() {
    return blobs.size();
  }

  public Blob blob(int index) {
    return blobs.get(index);
  }

  /** Offset of a blob in the stream. */
  long start(int index) {
    return starts[index];
  }

  /** The blob in which an offset lies. */
  private int at(long offset) {
    int found = java.util.Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }

  /** Fills the buffer with what is in the stream from an offset on; zeros after its end. */
  public void read(long offset, byte[] buffer, Source source) throws RefusedException, IOException {
    java.util.Arrays.fill(buffer, (byte) 0);
    long end = Math.min(length(), offset + buffer.length);
    long position = offset;
    for (int i = offset < length() ? at(offset) : count(); position < end; i++) {
      int from = (int) (position - starts[i]);
      int length = (int) (Math.min(end, starts[i + 1]) - position);
      source.read(blobs.get(i), from, buffer, (int) (position - offset), length);
      position += length;
    }
  }
}
