package io.cloister.appliance.tensor;

/** A named tensor whose data has exactly as many elements as its shape says. */
public sealed interface Tensor permits PackedTensor, BytesTensor {
  String name();

  Datatype datatype();

  Shape shape();

  /** About how much Java heap it keeps. */
  default long heapBytes() {
    return switch (this) {
      case PackedTensor packed -> packed.data().capacity();
      case BytesTensor texts ->
          texts.values().stream().mapToLong(text -> text.length + ARRAY_BYTES).sum();
    };
  }

  /** What a byte array takes beside its content, and the reference to it. */
  int ARRAY_BYTES = 32;
}
