package io.cloister.appliance.model;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Inputs and the outputs that the vendor's own run gave for them.
 *
 * @param outputs those that are compared; the model may have more
 * @param tolerance largest difference of a floating-point element; everything else must be equal
 */
public record GoldenRow(List<Tensor> inputs, List<Tensor> outputs, double tolerance) {
  public GoldenRow {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("tolerance is not a distance: " + tolerance);
    }
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("a golden row without outputs proves nothing");
    }
  }

  /** The first difference between what was expected and what the model answered, if any. */
  public Optional<String> findMismatch(List<Tensor> actual) {
    return outputs.stream()
        .map(expected -> mismatch(expected, actual))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> mismatch(Tensor expected, List<Tensor> outputs) {
    Optional<Tensor> found =
        outputs.stream().filter(tensor -> tensor.name().equals(expected.name())).findFirst();
    if (found.isEmpty()) {
      return Optional.of("output " + expected.name() + " is missing");
    }
    Tensor actual = found.get();
    if (actual.datatype() != expected.datatype() || !actual.shape().equals(expected.shape())) {
      return Optional.of(
          "output %s: expected %s %s, got %s %s"
              .formatted(
                  expected.name(),
                  expected.datatype(),
                  expected.shape(),
                  actual.datatype(),
                  actual.shape()));
    }
    return switch (expected) {
      case PackedTensor packed -> mismatch(packed, (PackedTensor) actual);
      case BytesTensor bytes -> mismatch(bytes, (BytesTensor) actual);
    };
  }

  private Optional<String> mismatch(PackedTensor expected, PackedTensor actual) {
    ByteBuffer expectedData = expected.data();
    ByteBuffer actualData = actual.data();
    for (int i = 0; i < expected.shape().elements(); i++) {
      double wanted = element(expectedData, expected.datatype(), i);
      double got = element(actualData, expected.datatype(), i);
      boolean same =
          Double.compare(wanted, got) == 0 || Math.abs(wanted - got) <= allowed(expected);
      if (!same || !exact(expectedData, actualData, expected.datatype(), i)) {
        return Optional.of(
            "output %s, element %d: expected %s, got %s, tolerance %s"
                .formatted(expected.name(), i, wanted, got, allowed(expected)));
      }
    }
    return Optional.empty();
  }

  private double allowed(Tensor tensor) {
    return switch (tensor.datatype()) {
      case FP16, FP32, FP64 -> tolerance;
      default -> 0;
    };
  }

  /** A double cannot tell neighbouring 64-bit integers apart, so that those are compared again. */
  private static boolean exact(ByteBuffer a, ByteBuffer b, Datatype datatype, int index) {
    return switch (datatype) {
      case INT64, UINT64 -> a.getLong(index * Long.BYTES) == b.getLong(index * Long.BYTES);
      default -> true;
    };
  }

  private static double element(ByteBuffer data, Datatype datatype, int index) {
    int at = index * datatype.elementBytes();
    return switch (datatype) {
      case BOOL, INT8, UINT8 -> data.get(at);
      case INT16, UINT16 -> data.getShort(at);
      case INT32, UINT32 -> data.getInt(at);
      case INT64, UINT64 -> data.getLong(at);
      case FP16 -> Float.float16ToFloat(data.getShort(at));
      case FP32 -> data.getFloat(at);
      case FP64 -> data.getDouble(at);
      case BYTES -> throw new IllegalArgumentException("BYTES is not packed");
    };
  }

  private static Optional<String> mismatch(BytesTensor expected, BytesTensor actual) {
    for (int i = 0; i < expected.values().size(); i++) {
      if (!Arrays.equals(expected.values().get(i), actual.values().get(i))) {
        return Optional.of("output %s, element %d differs".formatted(expected.name(), i));
      }
    }
    return Optional.empty();
  }
}
