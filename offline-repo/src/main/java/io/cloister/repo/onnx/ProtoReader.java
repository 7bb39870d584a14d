package io.cloister.repo.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads a Protocol Buffers message from a file, field by field (Protocol Buffers documentation,
 * "Encoding"). What is skipped is not read: a graph of gigabytes costs what its structure does.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int VARINT_BYTES_MAX = 10;
  private static final int WINDOW_BYTES = 64 << 10;

  private final SeekableByteChannel file;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);

  /** Of the byte after the window. */
  private long windowEnd;

  private long end;

  ProtoReader(SeekableByteChannel file) throws IOException {
    this.file = file;
    this.end = file.size();
  }

  /** What reads, or skips, the value of each field of a message. */
  @FunctionalInterface
  interface Fields {
    void read(int number, int type) throws IOException, OnnxRefused;
  }

  /** Reads the whole file as one message. */
  void root(Fields fields) throws IOException, OnnxRefused {
    while (position() < end) {
      field(fields);
    }
  }

  private void field(Fields fields) throws IOException, OnnxRefused {
    long tag = varint();
    if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
      throw broken("a field has no number");
    }
    fields.read((int) (tag >>> 3), (int) (tag & 7));
  }

  /** Reads the value as a message within this one. */
  void message(int type, Fields fields) throws IOException, OnnxRefused {
    long outer = end;
    long length = length(type);
    end = position() + length;
    while (position() < end) {
      field(fields);
    }
    end = outer;
  }

  /** Reads the value as text of at most so many bytes; the rest of a longer one is left out. */
  String text(int type, int bytesMax) throws IOException, OnnxRefused {
    long length = length(type);
    byte[] bytes = new byte[(int) Math.min(length, bytesMax)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = next();
    }
    skipBytes(length - bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Reads the value as a whole number. */
  long number(int type) throws IOException, OnnxRefused {
    if (type != VARINT) {
      throw broken("a number is of wire type " + type);
    }
    return varint();
  }

  void skip(int type) throws IOException, OnnxRefused {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> skipBytes(Long.BYTES);
      case FIXED32 -> skipBytes(Integer.BYTES);
      case LENGTH -> skipBytes(length(type));
      default -> throw broken("a field is of wire type " + type);
    }
  }

  private long length(int type) throws IOException, OnnxRefused {
    if (type != LENGTH) {
      throw broken("a message or text is of wire type " + type);
    }
    long length = varint();
    if (length < 0 || length > end - position()) {
      throw broken("a field of %d bytes does not fit".formatted(length));
    }
    return length;
  }

  private long varint() throws IOException, OnnxRefused {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      byte part = next();
      value |= (long) (part & 0x7F) << (7 * i);
      if (part >= 0) {
        return value;
      }
    }
    throw broken("a number goes on without end");
  }

  private long position() {
    return windowEnd - window.remaining();
  }

  private byte next() throws IOException, OnnxRefused {
    if (position() >= end) {
      throw broken("it ends within a field");
    }
    if (!window.hasRemaining()) {
      fill();
    }
    return window.get();
  }

  private void fill() throws IOException, OnnxRefused {
    file.position(windowEnd);
    window.clear();
    int got = file.read(window);
    window.flip();
    if (got <= 0) {
      throw broken("it ends within a field");
    }
    windowEnd += got;
  }

  private void skipBytes(long count) throws OnnxRefused {
    if (count > end - position()) {
      throw broken("it ends within a field");
    }
    if (count <= window.remaining()) {
      window.position(window.position() + (int) count);
    } else {
      long target = position() + count;
      window.position(0).limit(0);
      windowEnd = target;
    }
  }

  private OnnxRefused broken(String fault) {
    return new OnnxRefused("it is no ONNX file: byte %d: %s".formatted(position(), fault));
  }
}
