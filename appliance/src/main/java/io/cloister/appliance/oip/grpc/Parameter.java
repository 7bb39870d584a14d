package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.oip.RawData;
import java.util.OptionalLong;

/**
 * One of a map of parameters (OIP v2, gRPC, "Parameters").
 *
 * @param number its value, where that is a whole number
 */
record Parameter(String name, OptionalLong number) {
  static Parameter read(ProtoReader entry) {
    String name = "";
    OptionalLong number = OptionalLong.empty();
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> name = entry.text();
        case 2 -> number = number(entry.message());
        default -> {}
      }
    }
    return new Parameter(name, number);
  }

  /** int64_param or uint64_param. */
  private static OptionalLong number(ProtoReader value) {
    OptionalLong number = OptionalLong.empty();
    while (value.next()) {
      number =
          value.field() == 2 || value.field() == 5
              ? OptionalLong.of(value.number())
              : OptionalLong.empty();
    }
    return number;
  }

  /** A whole number from 0 on. */
  long count(long most) {
    long value = number.orElse(-1);
    if (value < 0 || value > most) {
      throw RawData.refused(
          "\"%s\" is a whole number from 0 to %d (int64_param)".formatted(name, most));
    }
    return value;
  }

  void refuseSharedMemory() {
    if (name.startsWith("shared_memory")) {
      throw RawData.refused(
          "shared memory is not spoken here (\"%s\"); send the tensors in the message"
              .formatted(name));
    }
  }
}
