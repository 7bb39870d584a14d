package io.cloister.appliance.tensor;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor of fixed-size elements, packed little-endian in row-major order: OIP's binary form.
 *
 * @param data from position to limit; the buffer is shared, not copied, and must not be changed
 *     afterwards. {@link #data()} answers a fresh little-endian view each time.
 */
public record PackedTensor(String name, Datatype datatype, Shape shape, ByteBuffer data)
    implements Tensor {

  /** Refuses with {@link IllegalArgumentException} data that does not fill the shape exactly. */
  public PackedTensor {
    if (datatype == Datatype.BYTES) {
      throw new IllegalArgumentException("BYTES elements have no fixed size");
    }
    long expected = (long) shape.elements() * datatype.elementBytes();
    if (data.remaining() != expected) {
      throw new IllegalArgumentException(
          "tensor %s: %s %s takes %d bytes, not %d"
              .formatted(name, datatype, shape, expected, data.remaining()));
    }
    data = data.asReadOnlyBuffer();
  }

  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The element at that place in row-major order as a number; a large INT64 is rounded. */
  public double doubleAt(int index) {
    int at = data.position() + index * datatype.elementBytes();
    return switch (datatype) {
      case FP16 -> Float.float16ToFloat(data().getShort(at));
      case FP32 -> data().getFloat(at);
      case FP64 -> data().getDouble(at);
      case UINT64 -> new BigInteger(Long.toUnsignedString(longAt(index))).doubleValue();
      case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64, BYTES -> longAt(index);
    };
  }

  /** The whole number at that place in row-major order; the bits of a UINT64. */
  public long longAt(int index) {
    int at = data.position() + index * datatype.elementBytes();
    return switch (datatype) {
      case BOOL, INT8 -> data.get(at);
      case UINT8 -> Byte.toUnsignedLong(data.get(at));
      case INT16 -> data().getShort(at);
      case UINT16 -> Short.toUnsignedLong(data().getShort(at));
      case INT32 -> data().getInt(at);
      case UINT32 -> Integer.toUnsignedLong(data().getInt(at));
      case INT64, UINT64 -> data().getLong(at);
      case FP16, FP32, FP64, BYTES ->
          throw new IllegalArgumentException(datatype + " is no whole number");
    };
  }
}
