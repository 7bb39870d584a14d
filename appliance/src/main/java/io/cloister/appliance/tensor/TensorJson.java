package io.cloister.appliance.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a tensor in the JSON form of OIP v2 ("Tensor Data"): {@code name}, {@code datatype}, {@code
 * shape}, {@code data} flat or nested in row-major order. For documents; requests have their own
 * streaming reader.
 */
public final class TensorJson {
  private TensorJson() {}

  /** Refuses with {@link IllegalArgumentException} what is not a tensor. */
  public static Tensor parse(JsonNode node) {
    String name = node.path("name").asText("");
    Datatype datatype =
        Datatype.find(node.path("datatype").asText(""))
            .orElseThrow(() -> new IllegalArgumentException(name + ": unknown datatype"));
    List<Long> dims = new ArrayList<>();
    for (JsonNode dim : node.path("shape")) {
      if (!dim.isIntegralNumber() || !dim.canConvertToLong()) {
        throw new IllegalArgumentException(name + ": a dimension is a whole number, not " + dim);
      }
      dims.add(dim.longValue());
    }
    List<JsonNode> elements = new ArrayList<>();
    flatten(node.path("data"), elements);
    return of(name, datatype, new Shape(dims), elements);
  }

  private static void flatten(JsonNode data, List<JsonNode> elements) {
    for (JsonNode element : data) {
      if (element.isArray()) {
        flatten(element, elements);
      } else {
        elements.add(element);
      }
    }
  }

  /**
   * The tensor of those elements, in row-major order. Refuses with {@link IllegalArgumentException}
   * what does not fill the shape, or is no value of the datatype.
   */
  private static Tensor of(String name, Datatype datatype, Shape shape, List<JsonNode> elements) {
    if (datatype == Datatype.BYTES) {
      List<byte[]> values = new ArrayList<>(elements.size());
      elements.forEach(element -> values.add(utf8(name, element)));
      return new BytesTensor(name, shape, values);
    }
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(elements.size(), datatype.elementBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    elements.forEach(element -> put(data, name, datatype, element));
    return new PackedTensor(name, datatype, shape, data.flip());
  }

  private static byte[] utf8(String name, JsonNode element) {
    if (!element.isTextual()) {
      throw new IllegalArgumentException(name + ": an element of BYTES is a text");
    }
    return BytesTensor.utf8(element.textValue())
        .orElseThrow(
            () -> new IllegalArgumentException(name + ": a text holds half of a surrogate pair"));
  }

  private static void put(ByteBuffer data, String name, Datatype datatype, JsonNode element) {
    switch (datatype) {
      case BOOL -> {
        if (!element.isBoolean()) {
          throw new IllegalArgumentException(name + ": not true or false: " + element);
        }
        data.put((byte) (element.booleanValue() ? 1 : 0));
      }
      case FP16 -> {
        short value = Float.floatToFloat16((float) number(name, element));
        requireFinite(Float.float16ToFloat(value), name, datatype, element);
        data.putShort(value);
      }
      case FP32 -> {
        float value = (float) number(name, element);
        requireFinite(value, name, datatype, element);
        data.putFloat(value);
      }
      case FP64 -> {
        double value = number(name, element);
        requireFinite(value, name, datatype, element);
        data.putDouble(value);
      }
      case INT8, INT16, INT32, INT64 -> whole(data, name, datatype, element, true);
      case UINT8, UINT16, UINT32, UINT64 -> whole(data, name, datatype, element, false);
      case BYTES -> throw new IllegalArgumentException(name + ": BYTES is not packed");
    }
  }

  /** A number too large for its datatype would become an infinite one. */
  private static void requireFinite(
      double value, String name, Datatype datatype, JsonNode element) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + ": not a value of " + datatype + ": " + element);
    }
  }

  private static double number(String name, JsonNode element) {
    if (!element.isNumber()) {
      throw new IllegalArgumentException(name + ": not a number: " + element);
    }
    return element.doubleValue();
  }

  private static void whole(
      ByteBuffer data, String name, Datatype datatype, JsonNode element, boolean signed) {
    BigInteger value = element.isIntegralNumber() ? element.bigIntegerValue() : null;
    int bits = datatype.elementBytes() * Byte.SIZE;
    boolean fits =
        value != null
            && (signed
                ? value.bitLength() < bits
                : value.signum() >= 0 && value.bitLength() <= bits);
    if (value == null || !fits) {
      throw new IllegalArgumentException(name + ": not a value of " + datatype + ": " + element);
    }
    long low = value.longValue();
    switch (datatype.elementBytes()) {
      case Byte.BYTES -> data.put((byte) low);
      case Short.BYTES -> data.putShort((short) low);
      case Integer.BYTES -> data.putInt((int) low);
      default -> data.putLong(low);
    }
  }
}
