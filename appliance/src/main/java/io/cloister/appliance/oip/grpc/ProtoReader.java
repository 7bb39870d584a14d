package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.oip.RawData;
import io.helidon.http.HttpException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one message field by field (Protocol Buffers, "Encoding"), without copies: what is in it
 * are views of the same bytes. What is not understood is skipped, as protobuf has it.
 */
final class ProtoReader {
  private static final int TEXT_BYTES_MAX = 1_000;
  private static final int NUMBER_SHIFT = 3;

  private final ByteBuffer bytes;
  private int field;
  private Wire wire = Wire.VARINT;
  private boolean taken = true;

  /** How a value is encoded. */
  private enum Wire {
    VARINT,
    FIXED64,
    BYTES,
    FIXED32
  }

  ProtoReader(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Goes on to the next field; false at the end. */
  boolean next() {
    if (!taken) {
      skip();
    }
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = readVarint();
    int kind = (int) tag & (1 << NUMBER_SHIFT) - 1;
    if (tag >>> NUMBER_SHIFT == 0 || tag >>> 32 != 0) {
      throw broken("a field has the tag " + tag);
    }
    field = (int) (tag >>> NUMBER_SHIFT);
    wire =
        switch (kind) {
          case 0 -> Wire.VARINT;
          case 1 -> Wire.FIXED64;
          case 2 -> Wire.BYTES;
          case 5 -> Wire.FIXED32;
          default -> throw broken("field %d is of the kind %d".formatted(field, kind));
        };
    taken = false;
    return true;
  }

  /** Number of the field it stands on. */
  int field() {
    return field;
  }

  private void skip() {
    switch (wire) {
      case VARINT -> readVarint();
      case FIXED64 -> readBytes(Long.BYTES);
      case BYTES -> readBytes(readVarint());
      case FIXED32 -> readBytes(Integer.BYTES);
    }
    taken = true;
  }

  private void expect(Wire expected) {
    if (wire != expected) {
      throw broken("field %d is encoded as %s, not %s".formatted(field, wire, expected));
    }
    taken = true;
  }

  long number() {
    expect(Wire.VARINT);
    return readVarint();
  }

  boolean flag() {
    return number() != 0;
  }

  ByteBuffer bytes() {
    expect(Wire.BYTES);
    return readBytes(readVarint());
  }

  ProtoReader message() {
    return new ProtoReader(bytes());
  }

  /** A name or another short text. */
  String text() {
    ByteBuffer text = bytes();
    if (text.remaining() > TEXT_BYTES_MAX) {
      throw RawData.refused(
          "the text in field %d is longer than %d bytes".formatted(field, TEXT_BYTES_MAX));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw broken("the text in field %d is not UTF-8".formatted(field));
    }
  }

  /** The values of a repeated whole number: several in one field, or one that stands by itself. */
  Packed numbers() {
    return packed(Wire.VARINT);
  }

  /** Likewise of numbers that have so many bytes each, 4 or 8. */
  Packed fixed(int size) {
    Packed values = packed(size == Integer.BYTES ? Wire.FIXED32 : Wire.FIXED64);
    if (values.rest().remaining() % size != 0) {
      throw broken("field %d ends within a number of %d bytes".formatted(field, size));
    }
    return values;
  }

  private Packed packed(Wire single) {
    if (wire == Wire.BYTES) {
      return new Packed(bytes());
    }
    if (wire != single) {
      throw broken("field %d is encoded as %s, not %s".formatted(field, wire, single));
    }
    int start = bytes.position();
    skip();
    return new Packed(bytes.slice(start, bytes.position() - start));
  }

  /** Numbers one after the other. */
  static final class Packed {
    private final ProtoReader values;

    private Packed(ByteBuffer values) {
      this.values = new ProtoReader(values);
    }

    boolean more() {
      return values.bytes.hasRemaining();
    }

    long next() {
      return values.readVarint();
    }

    /** All that is left, for values of fixed size: they lie as they do in a tensor. */
    ByteBuffer rest() {
      return values.bytes;
    }
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw broken("a number has no end");
  }

  private ByteBuffer readBytes(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw broken(
          "field %d is said to have %d bytes, %d follow"
              .formatted(field, length, bytes.remaining()));
    }
    ByteBuffer read = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return read;
  }

  private static HttpException broken(String what) {
    return RawData.refused("the message is not as its .proto has it: " + what);
  }
}
