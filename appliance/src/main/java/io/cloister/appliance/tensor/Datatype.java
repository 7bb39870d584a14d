package io.cloister.appliance.tensor;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The datatypes of the Open Inference Protocol v2, spelled as it spells them ("Tensor Data Types").
 * The order is part of the worker protocol: the ordinal is the code on the wire.
 */
public enum Datatype {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  FP32(4),
  FP64(8),
  /** Byte strings of any length; the only datatype without a fixed element size. */
  BYTES(0);

  private final int elementBytes;

  Datatype(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  /** Bytes of one element; 0 for {@link #BYTES}. */
  public int elementBytes() {
    return elementBytes;
  }

  /** The datatype of that name, if it is one. */
  public static Optional<Datatype> find(String name) {
    return Stream.of(values()).filter(datatype -> datatype.name().equals(name)).findFirst();
  }
}
