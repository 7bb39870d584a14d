package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.http.BadJson;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.oip.InferBody.WantedOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the JSON of an inference request. */
final class InferReader {
  /** What the JSON says; tensors that follow it are still to be read. */
  record Read(
      Optional<String> model,
      Optional<String> version,
      Optional<String> id,
      List<TensorReader.Part> inputs,
      List<WantedOutput> outputs,
      InferParameters parameters) {}

  /** A value of "parameters" whose name is known; the parser stands on the value. */
  private interface Parameter {
    void read(String name) throws IOException;
  }

  private final JsonParser json;
  private Optional<String> model = Optional.empty();
  private Optional<String> version = Optional.empty();
  private Optional<String> id = Optional.empty();
  private final List<TensorReader.Part> inputs = new ArrayList<>();
  private final List<WantedOutput> outputs = new ArrayList<>();
  private InferParameters parameters = InferParameters.NONE;

  private InferReader(JsonParser json) {
    this.json = json;
  }

  static Read read(JsonParser json) throws IOException {
    return new InferReader(json).read();
  }

  private Read read() throws IOException {
    boolean inputsSeen = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "model_name" -> model = readName(field);
        case "model_version" -> version = readName(field);
        case "id" -> id = Optional.of(JsonText.shortText(json, "id"));
        case "inputs" -> {
          inputsSeen = true;
          readInputs();
        }
        case "outputs" -> readOutputs();
        case "parameters" -> readObject(field, this::readParameter);
        default ->
            throw JsonBody.unknown(
                json, field, "id, model_name, model_version, inputs, outputs, parameters");
      }
    }
    if (!inputsSeen) {
      throw new BadJson("the request has no \"inputs\"", json);
    }
    return new Read(model, version, id, inputs, outputs, parameters);
  }

  /** KServe's clients repeat what the path says; null and an empty text say nothing. */
  private Optional<String> readName(String field) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL
        ? Optional.empty()
        : Optional.of(JsonText.shortText(json, field)).filter(text -> !text.isEmpty());
  }

  private void readInputs() throws IOException {
    JsonBody.expect(json, JsonToken.START_ARRAY, "an array of inputs");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      JsonBody.expect(json, JsonToken.START_OBJECT, "an input, which is an object");
      inputs.add(new TensorReader(json).read());
      RawData.checkCount(inputs.size());
    }
  }

  private void readOutputs() throws IOException {
    JsonBody.expect(json, JsonToken.START_ARRAY, "an array of outputs");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      JsonBody.expect(json, JsonToken.START_OBJECT, "an output, which is an object");
      outputs.add(new OutputReader().read());
      RawData.checkCount(outputs.size());
    }
  }

  private final class OutputReader {
    private Optional<String> name = Optional.empty();
    private Optional<Boolean> binary = Optional.empty();
    private int classes;

    WantedOutput read() throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "name" -> name = Optional.of(JsonText.shortText(json, "name"));
          case "parameters" -> readObject(field, this::readParameter);
          default -> throw JsonBody.unknown(json, field, "name, parameters");
        }
      }
      return new WantedOutput(
          name.orElseThrow(() -> new BadJson("an output has no \"name\"", json)), binary, classes);
    }

    private void readParameter(String parameter) throws IOException {
      switch (parameter) {
        case "binary_data" -> binary = Optional.of(JsonBody.bool(json, parameter));
        case "classification" ->
            classes = JsonBody.count(json, parameter, Classification.CLASSES_MAX);
        default -> refuseSharedMemory(parameter);
      }
    }
  }

  private void readParameter(String name) throws IOException {
    switch (name) {
      case "timeout" ->
          parameters = parameters.withTimeout(JsonBody.count(json, name, Long.MAX_VALUE));
      case "priority" ->
          parameters =
              parameters.withPriority(JsonBody.count(json, name, InferenceRequest.PRIORITY_LAST));
      case "binary_data_output" ->
          parameters = parameters.withBinaryOutputs(JsonBody.bool(json, name));
      default -> refuseSharedMemory(name);
    }
  }

  /** Others mean nothing to these models, and are allowed (OIP v2, "Parameters"). */
  private void refuseSharedMemory(String name) throws IOException {
    if (name.startsWith("shared_memory")) {
      throw new BadJson(
          "shared memory is not spoken here (\"" + name + "\"); send the tensors in the body",
          json);
    }
    json.skipChildren();
  }

  private void readObject(String field, Parameter parameter) throws IOException {
    JsonBody.expect(json, JsonToken.START_OBJECT, "an object in \"" + field + "\"");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      parameter.read(name);
    }
  }
}
