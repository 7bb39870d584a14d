package io.cloister.appliance.worker;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Builds one frame in a buffer that grows and is used again. Layout in
 * docs/format/worker-protocol.md.
 */
final class FrameWriter {
  static final int HEADER_BYTES = 16;

  /** Largest body either side sends or takes. */
  static final int BODY_BYTES_MAX = 256 << 20;

  /** Packed data starts at a multiple of this within the body, so that it can be used in place. */
  static final int ALIGNMENT = 8;

  private static final int FIRST_BYTES = 16 << 10;

  /** One large request must not cost its size for ever. */
  static final int KEPT_BYTES_MAX = 4 << 20;

  private static final int TEXT_BYTES_MAX = 0xFFFF;

  private final boolean direct;
  private ByteBuffer buffer;

  /**
   * @param direct for channels and native code; otherwise backed by an array
   */
  FrameWriter(boolean direct) {
    this.direct = direct;
    this.buffer = allocate(FIRST_BYTES);
  }

  private ByteBuffer allocate(int bytes) {
    ByteBuffer fresh = direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    return fresh.order(ByteOrder.LITTLE_ENDIAN);
  }

  void begin(int kind, long id) {
    buffer.clear().putInt(0).putInt(kind).putLong(id);
  }

  /** The finished frame; valid until {@link #begin} or {@link #release}. */
  ByteBuffer finish() {
    buffer.putInt(0, buffer.position() - HEADER_BYTES);
    return buffer.flip();
  }

  /** The frame has been sent. */
  void release() {
    if (buffer.capacity() > KEPT_BYTES_MAX) {
      buffer = allocate(FIRST_BYTES);
    }
  }

  void u8(int value) throws FrameException {
    reserve(1).put((byte) value);
  }

  void i32(int value) throws FrameException {
    reserve(Integer.BYTES).putInt(value);
  }

  void i64(long value) throws FrameException {
    reserve(Long.BYTES).putLong(value);
  }

  /** A text of at most 65,535 bytes; what is longer is cut. */
  void text(String text) throws FrameException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, TEXT_BYTES_MAX);
    reserve(Short.BYTES + length).putShort((short) length).put(bytes, 0, length);
  }

  void texts(List<String> texts) throws FrameException {
    i32(texts.size());
    for (String text : texts) {
      text(text);
    }
  }

  void tensors(List<Tensor> tensors) throws FrameException {
    i32(tensors.size());
    for (Tensor tensor : tensors) {
      tensor(tensor);
    }
  }

  private void tensor(Tensor tensor) throws FrameException {
    text(tensor.name());
    u8(tensor.datatype().code());
    u8(tensor.shape().rank());
    for (long dim : tensor.shape().dims()) {
      i64(dim);
    }
    switch (tensor) {
      case PackedTensor packed -> {
        ByteBuffer data = packed.data();
        align();
        reserve(data.remaining()).put(data);
      }
      case BytesTensor bytes -> {
        for (byte[] value : bytes.values()) {
          i32(value.length);
          reserve(value.length).put(value);
        }
      }
    }
  }

  private void align() throws FrameException {
    while (buffer.position() % ALIGNMENT != 0) {
      u8(0);
    }
  }

  private ByteBuffer reserve(int bytes) throws FrameException {
    if (bytes > buffer.remaining()) {
      long needed = (long) buffer.position() + bytes;
      if (needed > BODY_BYTES_MAX) {
        throw new FrameException("more than " + BODY_BYTES_MAX + " bytes in one frame");
      }
      int grown = (int) Math.min(BODY_BYTES_MAX, Math.max(needed, 2L * buffer.capacity()));
      buffer = allocate(grown).put(buffer.flip());
    }
    return buffer;
  }
}
