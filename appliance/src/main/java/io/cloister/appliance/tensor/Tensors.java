package io.cloister.appliance.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packs Java arrays into tensors. */
public final class Tensors {
  private Tensors() {}

  public static PackedTensor fp32(String name, Shape shape, float... values) {
    ByteBuffer data = little(values.length, Float.BYTES);
    data.asFloatBuffer().put(values);
    return new PackedTensor(name, Datatype.FP32, shape, data);
  }

  public static PackedTensor int64(String name, Shape shape, long... values) {
    ByteBuffer data = little(values.length, Long.BYTES);
    data.asLongBuffer().put(values);
    return new PackedTensor(name, Datatype.INT64, shape, data);
  }

  public static PackedTensor bool(String name, Shape shape, boolean... values) {
    ByteBuffer data = little(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      data.put(i, (byte) (values[i] ? 1 : 0));
    }
    return new PackedTensor(name, Datatype.BOOL, shape, data);
  }

  private static ByteBuffer little(int elements, int elementBytes) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, elementBytes))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
