package io.cloister.appliance.worker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A direct buffer for the bodies that one thread reads, one after the other. */
final class FrameInput {
  private static final int FIRST_BYTES = 16 << 10;

  private ByteBuffer buffer = allocate(FIRST_BYTES);

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What was taken is not needed any more: a large request must not cost its size for ever. */
  void release() {
    if (buffer.capacity() > FrameWriter.KEPT_BYTES_MAX) {
      buffer = allocate(FIRST_BYTES);
    }
  }

  /** An empty part of that size, valid until the next call. */
  ByteBuffer take(int bytes) throws FrameException {
    if (bytes < 0 || bytes > FrameWriter.BODY_BYTES_MAX) {
      throw new FrameException("a frame of " + bytes + " bytes");
    }
    if (bytes > buffer.capacity()) {
      buffer = allocate(bytes);
    }
    return buffer.clear().limit(bytes);
  }
}
