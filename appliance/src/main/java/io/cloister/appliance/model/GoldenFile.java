package io.cloister.appliance.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.TensorJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The file golden.json: docs/format/model-package.md. */
public final class GoldenFile {
  private GoldenFile() {}

  /** At least one row, or the package is refused: without rows nothing would be proven. */
  public static List<GoldenRow> parse(byte[] json) throws ModelRefused {
    List<GoldenRow> rows = new ArrayList<>();
    try {
      for (JsonNode row : Documents.parseJson(json).path("rows")) {
        JsonNode tolerance = row.path("tolerance");
        if (!tolerance.isMissingNode() && !tolerance.isNumber()) {
          throw new IllegalArgumentException("tolerance is not a number: " + tolerance);
        }
        rows.add(
            new GoldenRow(
                tensors(row.path("inputs")), tensors(row.path("outputs")), tolerance.asDouble(0)));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelRefused(
          "golden.json cannot be used: row " + rows.size() + ": " + e.getMessage(), e);
    }
    if (rows.isEmpty()) {
      throw new ModelRefused("golden.json has no rows");
    }
    return rows;
  }

  private static List<Tensor> tensors(JsonNode nodes) {
    List<Tensor> tensors = new ArrayList<>();
    nodes.forEach(node -> tensors.add(TensorJson.parse(node)));
    return tensors;
  }
}
