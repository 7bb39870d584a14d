package io.cloister.appliance.http2;

import io.helidon.common.buffers.BufferData;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Frames that are sent together. */
final class Batch {
  private static final int FIRST = 512;
  private static final int LENGTH_SHIFT = Byte.SIZE;

  private ByteBuffer bytes = ByteBuffer.allocate(FIRST);

  int length() {
    return bytes.position();
  }

  Batch head(Frame.Type type, int flags, int stream, int length) {
    room(Frame.HEAD_BYTES + length);
    bytes.putInt(length << LENGTH_SHIFT | type.number()).put((byte) flags).putInt(stream);
    return this;
  }

  private void room(int more) {
    if (bytes.remaining() < more) {
      int size = Math.max(2 * bytes.capacity(), bytes.position() + more);
      bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), size)).position(bytes.position());
    }
  }

  void put(byte[] payload) {
    bytes.put(payload);
  }

  /** So many bytes of the parts, from that one on; answers which is next. */
  int put(List<ByteBuffer> parts, int first, int count) {
    int next = first;
    int left = count;
    while (left > 0) {
      ByteBuffer part = parts.get(next);
      int taken = Math.min(left, part.remaining());
      bytes.put(part.slice(part.position(), taken));
      part.position(part.position() + taken);
      left -= taken;
      next += part.hasRemaining() ? 0 : 1;
    }
    return next;
  }

  /** All of it, and begins anew. */
  BufferData take() {
    BufferData all = BufferData.create(bytes.array(), 0, bytes.position());
    bytes = ByteBuffer.allocate(FIRST);
    return all;
  }
}
