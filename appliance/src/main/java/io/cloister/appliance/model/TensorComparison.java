package io.cloister.appliance.model;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/** Compares a model's tensor with the expected one, element by element. */
public final class TensorComparison {
  private static final int SHOWN_CHARS_MAX = 60;

  private TensorComparison() {}

  /**
   * The first fault.
   *
   * @param allowed largest difference of a floating-point element; empty where only form and
   *     finiteness count
   */
  static Optional<RowFault> findFault(Tensor expected, Tensor actual, OptionalDouble allowed) {
    if (!sameForm(expected, actual)) {
      return Optional.of(new RowFault.OtherForm(expected.name(), form(expected), form(actual)));
    }
    for (int i = 0; i < expected.shape().elements(); i++) {
      if (!finite(actual, i)) {
        return Optional.of(
            new RowFault.NotFinite(expected.name(), i, shown(expected, i), shown(actual, i)));
      }
      if (allowed.isPresent() && !equal(expected, actual, i, allowed.getAsDouble())) {
        double tolerance = isFloating(expected.datatype()) ? allowed.getAsDouble() : 0;
        return Optional.of(
            new RowFault.OtherValue(
                expected.name(), i, shown(expected, i), shown(actual, i), tolerance));
      }
    }
    return Optional.empty();
  }

  /** How many elements are equal, floating-point ones within the tolerance; 0 of another form. */
  static long equalElements(Tensor expected, Tensor actual, double tolerance) {
    long equal = 0;
    for (int i = 0; sameForm(expected, actual) && i < expected.shape().elements(); i++) {
      equal += equal(expected, actual, i, tolerance) ? 1 : 0;
    }
    return equal;
  }

  /** The largest difference between floating-point elements; 0 where there are none. */
  public static double largestDifference(Tensor a, Tensor b) {
    double largest = 0;
    if (sameForm(a, b) && isFloating(a.datatype())) {
      for (int i = 0; i < a.shape().elements(); i++) {
        largest = Math.max(largest, Math.abs(element(a, i) - element(b, i)));
      }
    }
    return largest;
  }

  private static boolean sameForm(Tensor expected, Tensor actual) {
    return actual.datatype() == expected.datatype() && actual.shape().equals(expected.shape());
  }

  private static String form(Tensor tensor) {
    return tensor.datatype() + " " + tensor.shape();
  }

  private static boolean isFloating(Datatype datatype) {
    return switch (datatype) {
      case FP16, FP32, FP64 -> true;
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> false;
    };
  }

  private static boolean finite(Tensor tensor, int index) {
    return !isFloating(tensor.datatype()) || Double.isFinite(element(tensor, index));
  }

  private static boolean equal(Tensor expected, Tensor actual, int index, double tolerance) {
    if (isFloating(expected.datatype())) {
      return Math.abs(element(expected, index) - element(actual, index)) <= tolerance;
    }
    return switch (expected) {
      case BytesTensor texts ->
          Arrays.equals(texts.values().get(index), ((BytesTensor) actual).values().get(index));
      case PackedTensor packed -> packed.longAt(index) == ((PackedTensor) actual).longAt(index);
    };
  }

  private static String shown(Tensor tensor, int index) {
    return switch (tensor) {
      case BytesTensor texts -> shown(texts.values().get(index));
      case PackedTensor packed when isFloating(packed.datatype()) ->
          String.valueOf(packed.doubleAt(index));
      case PackedTensor packed when packed.datatype() == Datatype.BOOL ->
          String.valueOf(packed.longAt(index) != 0);
      case PackedTensor packed when packed.datatype() == Datatype.UINT64 ->
          Long.toUnsignedString(packed.longAt(index));
      case PackedTensor packed -> String.valueOf(packed.longAt(index));
    };
  }

  private static String shown(byte[] text) {
    String all = new String(text, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ");
    return "\""
        + (all.length() > SHOWN_CHARS_MAX ? all.substring(0, SHOWN_CHARS_MAX) + "…" : all)
        + "\"";
  }

  private static double element(Tensor tensor, int index) {
    return ((PackedTensor) tensor).doubleAt(index);
  }
}
