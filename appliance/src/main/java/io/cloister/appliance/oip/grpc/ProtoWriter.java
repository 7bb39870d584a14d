package io.cloister.appliance.oip.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes one message (Protocol Buffers, "Encoding"). Long content is not copied into it: the
 * message is the parts one after the other. A field of its default value is left out.
 */
final class ProtoWriter {
  private static final int FIRST = 128;
  private static final int NUMBER_SHIFT = 3;
  private static final int BYTES = 2;

  private final List<ByteBuffer> parts = new ArrayList<>();
  private byte[] bytes = new byte[FIRST];
  private int count;
  private int start;
  private long earlier;

  ProtoWriter number(int field, long value) {
    if (value != 0) {
      varint((long) field << NUMBER_SHIFT);
      varint(value);
    }
    return this;
  }

  ProtoWriter flag(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  ProtoWriter text(int field, String value) {
    if (!value.isEmpty()) {
      element(field, value);
    }
    return this;
  }

  ProtoWriter texts(int field, List<String> values) {
    values.forEach(value -> element(field, value));
    return this;
  }

  private void element(int field, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    head(field, text.length);
    room(text.length);
    System.arraycopy(text, 0, bytes, count, text.length);
    count += text.length;
  }

  ProtoWriter numbers(int field, List<Long> values) {
    if (values.isEmpty()) {
      return this;
    }
    ProtoWriter packed = new ProtoWriter();
    values.forEach(packed::varint);
    return message(field, packed);
  }

  ProtoWriter message(int field, Consumer<ProtoWriter> content) {
    ProtoWriter inner = new ProtoWriter();
    content.accept(inner);
    return message(field, inner);
  }

  ProtoWriter message(int field, ProtoWriter inner) {
    head(field, inner.length());
    List<ByteBuffer> all = inner.parts();
    if (all.size() == 1) {
      bytes(all.getFirst());
    } else {
      cut();
      all.forEach(this::part);
    }
    return this;
  }

  private void bytes(ByteBuffer more) {
    int length = more.remaining();
    room(length);
    more.get(bytes, count, length);
    count += length;
  }

  /** Content that stays where it is. */
  void content(int field, ByteBuffer content) {
    head(field, content.remaining());
    cut();
    part(content);
  }

  private void part(ByteBuffer part) {
    parts.add(part);
    earlier += part.remaining();
  }

  private void head(int field, long length) {
    varint((long) field << NUMBER_SHIFT | BYTES);
    varint(length);
  }

  private void varint(long value) {
    room(10);
    long left = value;
    while ((left & ~0x7FL) != 0) {
      bytes[count++] = (byte) ((left & 0x7F) | 0x80);
      left >>>= 7;
    }
    bytes[count++] = (byte) left;
  }

  private void room(int more) {
    if (bytes.length - count < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + more));
    }
  }

  /** What was written so far is a part. */
  private void cut() {
    if (count > start) {
      part(ByteBuffer.wrap(bytes, start, count - start).slice());
      start = count;
    }
  }

  long length() {
    return earlier + count - start;
  }

  /** All of it; nothing is written any more. */
  List<ByteBuffer> parts() {
    cut();
    return parts;
  }
}
