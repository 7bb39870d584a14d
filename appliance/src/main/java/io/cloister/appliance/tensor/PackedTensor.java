package io.cloister.appliance.tensor;

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
}
