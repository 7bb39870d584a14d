package io.cloister.appliance.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.TensorJson;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Tensors as nested JSON, whose shape is that of the arrays. */
final class JsonTensors {
  private static final ObjectMapper TREES = new ObjectMapper();

  private JsonTensors() {}

  static HttpException refused(String message) {
    return new HttpException(message, Status.BAD_REQUEST_400, true);
  }

  /** The object in a body, read strictly. */
  static JsonNode read(InputStream body, String what, String example) {
    return JsonBody.read(body, what, example, TREES::readTree);
  }

  /** Refuses an object with other fields than those. */
  static void check(JsonNode object, List<String> known) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw refused(
                    "the field \"%s\" is not known here; known: %s"
                        .formatted(name, String.join(", ", known)));
              }
            });
  }

  static Tensor tensor(String name, Datatype datatype, JsonNode value) {
    List<Long> dims = new ArrayList<>();
    for (JsonNode part = value; part.isArray(); part = part.path(0)) {
      dims.add((long) part.size());
    }
    List<JsonNode> elements = new ArrayList<>();
    collect(name, dims, 0, value, elements);
    try {
      Shape shape = new Shape(dims);
      return datatype == Datatype.BYTES
          ? new BytesTensor(name, shape, elements.stream().map(e -> bytes(name, e)).toList())
          : TensorJson.of(name, datatype, shape, elements);
    } catch (IllegalArgumentException e) {
      throw refused("input '%s': %s".formatted(name, e.getMessage()));
    }
  }

  private static void collect(
      String name, List<Long> dims, int depth, JsonNode value, List<JsonNode> elements) {
    boolean fits =
        depth < dims.size()
            ? value.isArray() && value.size() == dims.get(depth)
            : !value.isArray() && !value.isMissingNode();
    if (!fits) {
      throw refused(
          "input '%s' is nested unevenly: its first values have the shape %s"
              .formatted(name, dims));
    }
    if (depth == dims.size()) {
      elements.add(value);
    } else {
      value.forEach(part -> collect(name, dims, depth + 1, part, elements));
    }
  }

  /** A text, or bytes as {@code {"b64": "…"}} (TensorFlow Serving, "Encoding binary values"). */
  private static byte[] bytes(String name, JsonNode element) {
    if (element.isTextual()) {
      return element.textValue().getBytes(StandardCharsets.UTF_8);
    }
    JsonNode encoded = element.path("b64");
    if (element.size() != 1 || !encoded.isTextual()) {
      throw refused("input '%s': expected a text, got %s".formatted(name, kind(element)));
    }
    try {
      return Base64.getDecoder().decode(encoded.textValue());
    } catch (IllegalArgumentException e) {
      throw refused("input '%s': \"b64\" is not base64: %s".formatted(name, e.getMessage()));
    }
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case STRING -> "a text";
      default -> node.toString();
    };
  }
}
