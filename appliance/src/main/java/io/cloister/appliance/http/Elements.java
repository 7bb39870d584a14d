package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.tensor.Datatype;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packs JSON numbers and booleans of one datatype; a value that does not fit is refused. */
final class Elements {
  private static final int ELEMENTS_FIRST = 64;
  private static final int ELEMENTS_TRUSTED = 1 << 16;
  private static final BigInteger UINT64_MAX =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final Datatype datatype;
  private ByteBuffer bytes;

  /** A shape is only words until the data is there: beyond 64 Ki elements memory grows with it. */
  Elements(Datatype datatype, int expected) {
    this.datatype = datatype;
    int first = Math.clamp(expected, ELEMENTS_FIRST, ELEMENTS_TRUSTED);
    this.bytes = little(first * Math.max(1, datatype.elementBytes()));
  }

  private static ByteBuffer little(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  int count() {
    return bytes.position() / datatype.elementBytes();
  }

  ByteBuffer packed() {
    return bytes.duplicate().flip();
  }

  void add(JsonParser json, JsonToken token) throws IOException {
    if (bytes.remaining() < datatype.elementBytes()) {
      bytes = little(Math.multiplyExact(bytes.capacity(), 2)).put(bytes.flip());
    }
    switch (datatype) {
      case BOOL -> bytes.put((byte) (bool(json, token) ? 1 : 0));
      case INT8 -> bytes.put((byte) whole(json, token, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> bytes.put((byte) whole(json, token, 0, 0xFF));
      case INT16 -> bytes.putShort((short) whole(json, token, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> bytes.putShort((short) whole(json, token, 0, 0xFFFF));
      case INT32 -> bytes.putInt((int) whole(json, token, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> bytes.putInt((int) whole(json, token, 0, 0xFFFF_FFFFL));
      case INT64 -> bytes.putLong(whole(json, token, Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT64 -> bytes.putLong(unsigned(json, token));
      case FP16 -> bytes.putShort(half(json, token));
      case FP32 -> bytes.putFloat(single(json, token));
      case FP64 -> bytes.putDouble(finite(json, number(json, token).getDoubleValue()));
      case BYTES -> throw new IllegalStateException("texts are not packed");
    }
  }

  private boolean bool(JsonParser json, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw unfit(json);
    };
  }

  private long whole(JsonParser json, JsonToken token, long min, long max) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw unfit(json);
    }
    long value = json.getLongValue();
    if (value < min || value > max) {
      throw unfit(json);
    }
    return value;
  }

  private long unsigned(JsonParser json, JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw unfit(json);
    }
    BigInteger value = json.getBigIntegerValue();
    if (value.signum() < 0 || value.compareTo(UINT64_MAX) > 0) {
      throw unfit(json);
    }
    return value.longValue();
  }

  private JsonParser number(JsonParser json, JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
      throw unfit(json);
    }
    return json;
  }

  private float single(JsonParser json, JsonToken token) throws IOException {
    return (float) finite(json, number(json, token).getFloatValue());
  }

  private short half(JsonParser json, JsonToken token) throws IOException {
    short value = Float.floatToFloat16(number(json, token).getFloatValue());
    finite(json, Float.float16ToFloat(value));
    return value;
  }

  /** A number too large for its datatype would silently become infinite. */
  private double finite(JsonParser json, double value) throws IOException {
    if (Double.isInfinite(value)) {
      throw unfit(json);
    }
    return value;
  }

  private BadJson unfit(JsonParser json) throws IOException {
    String range =
        switch (datatype) {
          case BOOL -> "true or false";
          case FP16, FP32, FP64 -> "a number within its range";
          default -> "a whole number within its range";
        };
    return new BadJson(
        "expected %s for %s, got %s".formatted(range, datatype, JsonBody.describe(json)), json);
  }
}
