package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.cloister.appliance.oip.InferBody.BadJson;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one input tensor (OIP v2, "Request Input" and "Tensor Data"). */
final class TensorReader {
  private final JsonParser json;
  private @Nullable String name;
  private @Nullable Shape shape;
  private @Nullable Datatype datatype;
  private @Nullable DataReader data;
  private @Nullable TokenBuffer early;

  TensorReader(JsonParser json) {
    this.json = json;
  }

  /** Stands on the object's start before, on its end after. */
  Tensor read() throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "name" -> name = JsonText.shortText(json, "name");
        case "datatype" -> datatype = readDatatype();
        case "shape" -> shape = readShape();
        case "data" -> readData();
        case "parameters" -> readParameters();
        default ->
            throw new BadJson(
                "the field \""
                    + field
                    + "\" is not known in an input; known: name, shape, datatype, data, parameters",
                json);
      }
    }
    return tensor();
  }

  private Tensor tensor() throws IOException {
    if (name == null) {
      throw new BadJson("an input has no \"name\"", json);
    }
    if (shape == null || datatype == null) {
      String missing = shape == null ? "shape" : "datatype";
      throw new BadJson("input '" + name + "' has no \"" + missing + "\"", json);
    }
    if (early != null) {
      JsonParser replay = early.asParser(json);
      replay.nextToken();
      data = new DataReader(replay, datatype, shape.elements());
      data.read();
    }
    if (data == null) {
      throw new BadJson("input '" + name + "' has no \"data\"", json);
    }
    return data.tensor(name, shape);
  }

  /** JSON objects have no order: data that comes before its datatype waits. */
  private void readData() throws IOException {
    if (datatype == null) {
      early = new TokenBuffer(json);
      early.copyCurrentStructure(json);
      return;
    }
    data = new DataReader(json, datatype, shape == null ? 0 : shape.elements());
    data.read();
  }

  private Datatype readDatatype() throws IOException {
    String spelled = JsonText.shortText(json, "datatype");
    return Datatype.find(spelled)
        .orElseThrow(
            () ->
                new BadJson(
                    "\"%s\" is not a datatype; the datatypes are %s"
                        .formatted(spelled, List.of(Datatype.values())),
                    json));
  }

  private Shape readShape() throws IOException {
    InferBody.expect(json, JsonToken.START_ARRAY, "an array in \"shape\"");
    List<Long> dims = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      InferBody.expect(json, JsonToken.VALUE_NUMBER_INT, "a whole number in \"shape\"");
      dims.add(json.getLongValue());
      if (dims.size() > Shape.DIMS_MAX) {
        throw new BadJson("a shape has at most " + Shape.DIMS_MAX + " dimensions", json);
      }
    }
    try {
      return new Shape(dims);
    } catch (IllegalArgumentException e) {
      throw new BadJson(String.valueOf(e.getMessage()), json);
    }
  }

  private void readParameters() throws IOException {
    InferBody.expect(json, JsonToken.START_OBJECT, "an object in \"parameters\"");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (json.currentName().equals("binary_data_size")) {
        throw new BadJson(
            "binary tensor data is not spoken here; send JSON (tritonclient: binary_data=False)",
            json);
      }
      json.nextToken();
      json.skipChildren();
    }
  }
}
