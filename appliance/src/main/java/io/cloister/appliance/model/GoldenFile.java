package io.cloister.appliance.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.TensorJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The file golden.json: docs/format/model-package.md. Fields that it does not know are nobody's.
 */
public final class GoldenFile {
  private static final String LATENCY = "latency_ms_max";
  private static final String BATCH_TOLERANCE = "batch_tolerance";
  private static final double LATENCY_MILLIS_MAX = 3_600_000;

  private GoldenFile() {}

  /** At least one row with outputs, or the package is refused: nothing would be proven. */
  public static GoldenRows parse(byte[] bytes) throws ModelRefused {
    List<GoldenRow> rows = new ArrayList<>();
    ObjectNode others = JsonNodeFactory.instance.objectNode();
    try (JsonParser json = Documents.json(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("is not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "rows" -> readRows(json, rows);
          case LATENCY, BATCH_TOLERANCE -> others.set(name, json.readValueAsTree());
          default -> json.skipChildren();
        }
      }
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("there is more after its end");
      }
      OptionalDouble latency = latency(others);
      return new GoldenRows(
          rows.stream().map(row -> row.orLatency(latency)).toList(),
          distance(others, BATCH_TOLERANCE));
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelRefused("golden.json cannot be used: " + e.getMessage(), e);
    }
  }

  /** One by one: as a tree of objects they would take several times the memory of the file. */
  private static void readRows(JsonParser json, List<GoldenRow> rows) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException("rows is not a list: " + shown(json.readValueAsTree()));
    }
    try {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        rows.add(row(json.readValueAsTree()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("row " + (rows.size() + 1) + ": " + e.getMessage(), e);
    }
  }

  private static GoldenRow row(JsonNode row) {
    if (!row.isObject()) {
      throw new IllegalArgumentException("is not an object");
    }
    Optional<Tensor> label =
        row.has("label") ? Optional.of(TensorJson.parse(row.path("label"))) : Optional.empty();
    return new GoldenRow(
        tensors(row, "inputs"),
        tensors(row, "outputs"),
        distance(row, "tolerance").orElse(0),
        label,
        latency(row));
  }

  private static JsonNode list(JsonNode object, String name) {
    JsonNode node = object.path(name);
    if (!node.isMissingNode() && !node.isArray()) {
      throw new IllegalArgumentException(name + " is not a list: " + shown(node));
    }
    return node;
  }

  private static List<Tensor> tensors(JsonNode row, String name) {
    List<Tensor> tensors = new ArrayList<>();
    list(row, name).forEach(node -> tensors.add(TensorJson.parse(node)));
    if (tensors.stream().map(Tensor::name).distinct().count() != tensors.size()) {
      throw new IllegalArgumentException(name + ": a tensor is there twice");
    }
    return tensors;
  }

  private static OptionalDouble distance(JsonNode object, String name) {
    OptionalDouble value = number(object, name);
    if (value.isPresent() && !(value.getAsDouble() >= 0 && Double.isFinite(value.getAsDouble()))) {
      throw new IllegalArgumentException(name + " is not a distance: " + value.getAsDouble());
    }
    return value;
  }

  private static OptionalDouble latency(JsonNode object) {
    OptionalDouble value = number(object, LATENCY);
    if (value.isPresent()
        && !(value.getAsDouble() > 0 && value.getAsDouble() <= LATENCY_MILLIS_MAX)) {
      throw new IllegalArgumentException(
          "latency_ms_max is not over 0 and at most %.0f: %s"
              .formatted(LATENCY_MILLIS_MAX, value.getAsDouble()));
    }
    return value;
  }

  private static OptionalDouble number(JsonNode object, String name) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return OptionalDouble.empty();
    }
    if (!node.isNumber()) {
      throw new IllegalArgumentException(name + " is not a number: " + shown(node));
    }
    return OptionalDouble.of(node.doubleValue());
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
