package io.cloister.appliance.compat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The body of a prediction (TensorFlow Serving, "RESTful API", "Predict API"), as tensors.
 *
 * @param rows in the row format, how many instances there are; empty in the column format
 */
record Prediction(List<Tensor> inputs, OptionalInt rows) {
  private static final List<String> KNOWN = List.of("signature_name", "instances", "inputs");

  static Prediction of(JsonNode body, Signature signature) {
    JsonTensors.check(body, KNOWN);
    checkSignature(body);
    if (body.has("instances") == body.has("inputs")) {
      throw JsonTensors.refused("send either \"instances\" (rows) or \"inputs\" (columns)");
    }
    return body.has("inputs")
        ? new Prediction(columns(body.path("inputs"), signature), OptionalInt.empty())
        : rows("instances", body.path("instances"), signature);
  }

  /** The body of a classification or regression ("Classify and Regress API"). */
  static Prediction ofExamples(JsonNode body, Signature signature) {
    JsonTensors.check(body, List.of("signature_name", "context", "examples"));
    checkSignature(body);
    JsonNode examples = body.path("examples");
    JsonNode context = body.path("context");
    JsonNode whole = examples.deepCopy();
    for (JsonNode example : whole) {
      if (example instanceof ObjectNode features) {
        context
            .properties()
            .forEach(shared -> features.putIfAbsent(shared.getKey(), shared.getValue()));
      }
    }
    return rows("examples", whole, signature);
  }

  private static void checkSignature(JsonNode body) {
    String name = body.path("signature_name").asText(TensorFlowJson.SIGNATURE);
    if (!name.equals(TensorFlowJson.SIGNATURE)) {
      throw JsonTensors.refused(
          "there is no signature \"%s\" here, only \"%s\""
              .formatted(name, TensorFlowJson.SIGNATURE));
    }
  }

  /** One input may come without its name. */
  private static List<Tensor> columns(JsonNode inputs, Signature signature) {
    if (!inputs.isObject() || isBytes(inputs)) {
      TensorSpec only = only(signature);
      return List.of(JsonTensors.tensor(only.name(), only.datatype(), inputs));
    }
    List<Tensor> tensors = new ArrayList<>();
    for (var input : inputs.properties()) {
      TensorSpec spec = find(signature, input.getKey());
      tensors.add(JsonTensors.tensor(spec.name(), spec.datatype(), input.getValue()));
    }
    return tensors;
  }

  private static Prediction rows(String field, JsonNode instances, Signature signature) {
    if (!instances.isArray() || instances.isEmpty()) {
      throw JsonTensors.refused("\"%s\" is a list of at least one instance".formatted(field));
    }
    OptionalInt rows = OptionalInt.of(instances.size());
    if (!instances.get(0).isObject() || isBytes(instances.get(0))) {
      TensorSpec only = only(signature);
      return new Prediction(
          List.of(JsonTensors.tensor(only.name(), only.datatype(), instances)), rows);
    }
    List<Tensor> tensors = new ArrayList<>();
    for (String name : names(instances.get(0))) {
      TensorSpec spec = find(signature, name);
      tensors.add(JsonTensors.tensor(name, spec.datatype(), column(field, instances, name)));
    }
    return new Prediction(tensors, rows);
  }

  private static JsonNode column(String field, JsonNode instances, String name) {
    var column = JsonNodeFactory.instance.arrayNode();
    for (JsonNode instance : instances) {
      if (instance.size() != instances.get(0).size() || !instance.has(name)) {
        throw JsonTensors.refused(
            "\"%s\" is uneven: the first has the inputs %s, another one %s"
                .formatted(field, names(instances.get(0)), names(instance)));
      }
      column.add(instance.get(name));
    }
    return column;
  }

  private static List<String> names(JsonNode instance) {
    return instance.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static boolean isBytes(JsonNode value) {
    return value.size() == 1 && value.has("b64");
  }

  private static TensorSpec only(Signature signature) {
    if (signature.inputs().size() != 1) {
      throw JsonTensors.refused(
          "the model has several inputs, so each needs its name: "
              + signature.inputs().stream().map(TensorSpec::name).toList());
    }
    return signature.inputs().getFirst();
  }

  private static TensorSpec find(Signature signature, String name) {
    return signature
        .findInput(name)
        .orElseThrow(
            () ->
                JsonTensors.refused(
                    "the model has no input '%s'; its inputs are %s"
                        .formatted(
                            name, signature.inputs().stream().map(TensorSpec::name).toList())));
  }
}
