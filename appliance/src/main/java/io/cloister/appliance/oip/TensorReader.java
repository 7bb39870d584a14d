package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.cloister.appliance.http.BadJson;
import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads one input tensor (OIP v2, "Request Input" and "Tensor Data"). */
final class TensorReader {
  private final JsonParser json;
  private @Nullable String name;
  private @Nullable Shape shape;
  private @Nullable Datatype datatype;
  private @Nullable DataReader data;
  private @Nullable TokenBuffer early;
  private OptionalInt binaryBytes = OptionalInt.empty();

  /** An input whose data may follow the JSON. */
  @FunctionalInterface
  interface Part {
    Tensor complete(BinaryReader binary);
  }

  TensorReader(JsonParser json) {
    this.json = json;
  }

  /** Stands on the object's start before, on its end after. */
  Part read() throws IOException {
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
    return part();
  }

  private Part part() throws IOException {
    if (name == null) {
      throw new BadJson("an input has no \"name\"", json);
    }
    if (shape == null || datatype == null) {
      String missing = shape == null ? "shape" : "datatype";
      throw new BadJson("input '" + name + "' has no \"" + missing + "\"", json);
    }
    if (binaryBytes.isPresent()) {
      return binary(name, shape, datatype, binaryBytes.getAsInt());
    }
    if (early != null) {
      JsonParser replay = early.asParser(json);
      replay.nextToken();
      data = new DataReader(datatype, shape.elements());
      data.readArray(replay);
    }
    if (data == null) {
      throw new BadJson("input '" + name + "' has no \"data\"", json);
    }
    Tensor tensor = data.tensor(json, name, shape);
    return binary -> tensor;
  }

  private Part binary(String name, Shape shape, Datatype datatype, int bytes) throws IOException {
    if (early != null || data != null) {
      throw new BadJson("input '" + name + "' has both \"data\" and \"binary_data_size\"", json);
    }
    return binary -> binary.read(name, datatype, shape, bytes);
  }

  /** JSON objects have no order: data that comes before its datatype waits. */
  private void readData() throws IOException {
    if (datatype == null) {
      early = new TokenBuffer(json);
      early.copyCurrentStructure(json);
      return;
    }
    data = new DataReader(datatype, shape == null ? 0 : shape.elements());
    data.readArray(json);
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
    JsonBody.expect(json, JsonToken.START_ARRAY, "an array in \"shape\"");
    List<Long> dims = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      JsonBody.expect(json, JsonToken.VALUE_NUMBER_INT, "a whole number in \"shape\"");
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
    JsonBody.expect(json, JsonToken.START_OBJECT, "an object in \"parameters\"");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String parameter = json.currentName();
      json.nextToken();
      if (parameter.equals("binary_data_size")) {
        binaryBytes = OptionalInt.of(JsonBody.count(json, parameter, Integer.MAX_VALUE));
      } else if (parameter.startsWith("shared_memory")) {
        throw new BadJson(
            "shared memory is not spoken here (\"%s\"); send the tensor in the body"
                .formatted(parameter),
            json);
      }
      json.skipChildren();
    }
  }
}
