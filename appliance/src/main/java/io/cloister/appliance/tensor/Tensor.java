package io.cloister.appliance.tensor;

/** A named tensor whose data has exactly as many elements as its shape says. */
public sealed interface Tensor permits PackedTensor, BytesTensor {
  String name();

  Datatype datatype();

  Shape shape();
}
