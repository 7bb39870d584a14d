package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.cloister.appliance.http.BadJson;
import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The body of a prediction (TensorFlow Serving, "RESTful API", "Predict API"), as tensors.
 *
 * @param rows in the row format, how many instances there are; empty in the column format
 */
record Prediction(List<Tensor> inputs, OptionalInt rows) {

  /** Reads one as it comes; the parser stands on the object. */
  static Prediction read(JsonParser json, Signature signature, HeapShare heap) throws IOException {
    ModelInputs inputs = new ModelInputs(signature);
    Prediction found = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "signature_name" -> checkSignature(json);
        case "instances" -> {
          requireFirst(found, json);
          found = new Rows(field, inputs, new Context(heap)).read(json);
        }
        case "inputs" -> {
          requireFirst(found, json);
          found = new Prediction(columns(json, inputs), OptionalInt.empty());
        }
        default -> throw JsonBody.unknown(json, field, "signature_name, instances, inputs");
      }
    }
    if (found == null) {
      throw either(json);
    }
    return found;
  }

  private static void requireFirst(@Nullable Prediction found, JsonParser json) throws BadJson {
    if (found != null) {
      throw either(json);
    }
  }

  private static BadJson either(JsonParser json) {
    return new BadJson("send either \"instances\" (rows) or \"inputs\" (columns)", json);
  }

  /**
   * Reads the body of a classification or regression ("Classify and Regress API") likewise. JSON
   * objects have no order: the examples wait for their context.
   */
  static Prediction readExamples(JsonParser json, Signature signature, HeapShare heap)
      throws IOException {
    Context context = new Context(heap);
    TokenBuffer examples = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "signature_name" -> checkSignature(json);
        case "context" -> context.read(json);
        case "examples" -> {
          examples = new TokenBuffer(json);
          examples.copyCurrentStructure(json);
        }
        default -> throw JsonBody.unknown(json, field, "signature_name, context, examples");
      }
    }
    if (examples == null) {
      throw new BadJson("the request has no \"examples\"", json);
    }
    JsonParser replay = examples.asParser(json);
    replay.nextToken();
    return new Rows("examples", new ModelInputs(signature), context).read(replay);
  }

  /** None, or an empty one, is the default. */
  private static void checkSignature(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    JsonBody.expect(json, JsonToken.VALUE_STRING, "a text in \"signature_name\"");
    String name = json.getText();
    if (!name.isEmpty() && !name.equals(TensorFlowJson.SIGNATURE)) {
      throw new BadJson(
          "there is no signature %s here, only \"%s\""
              .formatted(JsonBody.describe(json), TensorFlowJson.SIGNATURE),
          json);
    }
  }

  /** One input may come without its name. */
  private static List<Tensor> columns(JsonParser json, ModelInputs inputs) throws IOException {
    if (!inputs.named(json)) {
      return List.of(column(json, inputs.only(json)));
    }
    List<Tensor> tensors = new ArrayList<>();
    while (json.currentToken() == JsonToken.FIELD_NAME) {
      TensorSpec spec = inputs.find(json.currentName(), json);
      json.nextToken();
      tensors.add(column(json, spec));
      json.nextToken();
    }
    return tensors;
  }

  private static Tensor column(JsonParser json, TensorSpec spec) throws IOException {
    DataReader reader = ModelInputs.reader(spec);
    return ModelInputs.of(
        spec.name(),
        json,
        () -> {
          reader.read(json);
          return reader.tensor(json, spec.name());
        });
  }
}
