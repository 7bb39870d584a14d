package io.cloister.appliance.model;

import com.fasterxml.jackson.databind.JsonNode;
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
  private static final double LATENCY_MILLIS_MAX = 3_600_000;

  private GoldenFile() {}

  /** At least one row with outputs, or the package is refused: nothing would be proven. */
  public static GoldenRows parse(byte[] json) throws ModelRefused {
    List<GoldenRow> rows = new ArrayList<>();
    boolean within = false;
    try {
      JsonNode top = Documents.parseJson(json);
      OptionalDouble latency = latency(top, OptionalDouble.empty());
      OptionalDouble batchTolerance = distance(top, "batch_tolerance");
      JsonNode list = list(top, "rows");
      within = true;
      for (JsonNode row : list) {
        rows.add(row(row, latency));
      }
      within = false;
      return new GoldenRows(rows, batchTolerance);
    } catch (IOException | IllegalArgumentException e) {
      String where = within ? "row " + (rows.size() + 1) + ": " : "";
      throw new ModelRefused("golden.json cannot be used: " + where + e.getMessage(), e);
    }
  }

  private static GoldenRow row(JsonNode row, OptionalDouble latency) {
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
        latency(row, latency));
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

  private static OptionalDouble latency(JsonNode object, OptionalDouble absent) {
    OptionalDouble value = number(object, "latency_ms_max");
    if (value.isEmpty()) {
      return absent;
    }
    if (!(value.getAsDouble() > 0 && value.getAsDouble() <= LATENCY_MILLIS_MAX)) {
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
