package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.inference.InferenceException;
import io.cloister.appliance.inference.InferenceRefusal.UnknownModel;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The Open Inference Protocol v2 over REST, below {@code /v2}; health lies in {@link Health}. */
public final class OipRoutes implements HttpService {
  private final ModelServer models;
  private final String release;
  private final RequestBodies bodies;

  /**
   * @param release version of the product, told in the server's metadata
   */
  public OipRoutes(ModelServer models, String release, RequestBodies bodies) {
    this.models = models;
    this.release = release;
    this.bodies = bodies;
  }

  @Override
  public void routing(HttpRules rules) {
    Answers.read(rules, "/", this::server);
    for (String model : List.of("/models/{model}", "/models/{model}/versions/{version}")) {
      Answers.read(rules, model, this::metadata);
      Answers.read(rules, model + "/ready", this::ready);
      rules.post(model + "/infer", this::infer).any(model + "/infer", Answers.onlyBy("POST"));
    }
  }

  private void server(ServerRequest request, ServerResponse response) {
    Answers.json(
        response,
        json -> {
          json.writeStringField("name", "cloister");
          json.writeStringField("version", release);
          json.writeArrayFieldStart("extensions");
          json.writeEndArray();
        });
  }

  private void metadata(ServerRequest request, ServerResponse response) {
    ServedModel model = find(request);
    Answers.json(
        response,
        json -> {
          json.writeStringField("name", model.model().name());
          json.writeArrayFieldStart("versions");
          json.writeString(model.model().version());
          json.writeEndArray();
          json.writeStringField("platform", "onnxruntime_onnx");
          writeSpecs(json, "inputs", model.signature().inputs());
          writeSpecs(json, "outputs", model.signature().outputs());
        });
  }

  private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      TensorWriter.write(json, spec);
    }
    json.writeEndArray();
  }

  /** 200 is true and a 4xx is false (OIP v2, "Model Ready"). */
  private void ready(ServerRequest request, ServerResponse response) {
    ServedModel model = find(request);
    response.status(model.ready() ? Status.OK_200 : Status.BAD_REQUEST_400);
    Answers.json(
        response,
        json -> {
          json.writeStringField("name", model.model().name());
          json.writeBooleanField("ready", model.ready());
        });
  }

  private ServedModel find(ServerRequest request) {
    String name = parameter(request, "model").orElseThrow();
    Optional<String> version = parameter(request, "version");
    return models
        .find(name, version)
        .orElseThrow(() -> Refusals.answer(new UnknownModel(name, version)));
  }

  private void infer(ServerRequest request, ServerResponse response) throws IOException {
    if (request.headers().contains(HeaderNames.create("Inference-Header-Content-Length"))) {
      throw new HttpException(
          "binary tensor data is not spoken here; send JSON (tritonclient: binary_data=False)",
          Status.BAD_REQUEST_400,
          true);
    }
    String name = parameter(request, "model").orElseThrow();
    Optional<String> version = parameter(request, "version");
    try (RequestBody taken = bodies.open(request)) {
      InferBody body = InferBody.read(taken.stream());
      taken.became(body.heapBytes());
      InferenceResult result =
          models.infer(
              new InferenceRequest(name, version, body.inputs(), body.outputs(), Optional.empty()));
      Answers.json(response, json -> write(json, body.id(), result));
    } catch (InferenceException e) {
      throw Refusals.answer(e.refusal());
    }
  }

  private static void write(JsonGenerator json, Optional<String> id, InferenceResult result)
      throws IOException {
    json.writeStringField("model_name", result.modelName());
    json.writeStringField("model_version", result.modelVersion());
    if (id.isPresent()) {
      json.writeStringField("id", id.get());
    }
    json.writeArrayFieldStart("outputs");
    for (Tensor output : result.outputs()) {
      TensorWriter.write(json, output);
    }
    json.writeEndArray();
  }

  private static Optional<String> parameter(ServerRequest request, String name) {
    return request.path().pathParameters().first(name).asOptional();
  }
}
