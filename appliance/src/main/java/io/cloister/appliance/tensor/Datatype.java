package io.cloister.appliance.tensor;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The datatypes of the Open Inference Protocol v2, spelled as it spells them ("Tensor Data Types").
 * The code is the datatype's number in the worker protocol.
 */
public enum Datatype {
  BOOL(1, 1),
  UINT8(2, 1),
  UINT16(3, 2),
  UINT32(4, 4),
  UINT64(5, 8),
  INT8(6, 1),
  INT16(7, 2),
  INT32(8, 4),
  INT64(9, 8),
  FP16(10, 2),
  FP32(11, 4),
  FP64(12, 8),
  /** Byte strings of any length; the only datatype without a fixed element size. */
  BYTES(13, 0);

  private final int code;
  private final int elementBytes;

  Datatype(int code, int elementBytes) {
    this.code = code;
    this.elementBytes = elementBytes;
  }

  /** Bytes of one element; 0 for {@link #BYTES}. */
  public int elementBytes() {
    return elementBytes;
  }

  /** Its number in the worker protocol, from 1. */
  public int code() {
    return code;
  }

  /** The datatype of that number, if it is one. */
  public static Optional<Datatype> find(int code) {
    return Stream.of(values()).filter(datatype -> datatype.code == code).findFirst();
  }

  /** The datatype of that name, if it is one. */
  public static Optional<Datatype> find(String name) {
    return Stream.of(values()).filter(datatype -> datatype.name().equals(name)).findFirst();
  }
}
