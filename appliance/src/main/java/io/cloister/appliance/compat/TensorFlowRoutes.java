package io.cloister.appliance.compat;

import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.http.ModelCall;
import io.cloister.appliance.http.Refusals;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http.RequestBody;
import io.cloister.appliance.inference.InferenceRefusal.UnknownModel;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code /v1/models/M[/versions/V]} (TensorFlow Serving, "RESTful API"): status, metadata, predict,
 * classify, regress. The status has the fields of OpenAI's model too, which lies at that path, and
 * of KServe's ("V1 Protocol").
 */
public final class TensorFlowRoutes implements HttpService {
  private static final String EXAMPLE = "{\"instances\": […]}";

  private final ModelServer models;
  private final RequestBodies bodies;

  public TensorFlowRoutes(ModelServer models, RequestBodies bodies) {
    this.models = models;
    this.bodies = bodies;
  }

  @Override
  public void routing(HttpRules rules) {
    for (String model :
        List.of("/models/{model:[^:/]+}", "/models/{model}/versions/{version:[^:/]+}")) {
      Answers.read(rules, model, this::status);
      Answers.read(rules, model + "/metadata", this::metadata);
      for (Verb verb : Verb.values()) {
        String path = model + ":" + verb.name().toLowerCase(Locale.ROOT);
        rules
            .post(path, (request, response) -> ask(request, response, verb))
            .any(path, Answers.onlyBy("POST"));
      }
    }
  }

  private enum Verb {
    PREDICT,
    CLASSIFY,
    REGRESS
  }

  private static Optional<String> parameter(ServerRequest request, String name) {
    return request.path().pathParameters().first(name).asOptional();
  }

  private void status(ServerRequest request, ServerResponse response) {
    String name = parameter(request, "model").orElseThrow();
    Optional<String> version = parameter(request, "version");
    ModelStatus found =
        models.models().stream()
            .filter(ModelStatus::active)
            .filter(status -> status.model().name().equals(name))
            .filter(status -> version.isEmpty() || version.get().equals(status.model().version()))
            .findFirst()
            .orElseThrow(() -> Refusals.answer(new UnknownModel(name, version)));
    Answers.json(
        response,
        json -> {
          OpenAiRoutes.writeModel(json, found);
          TensorFlowJson.writeReady(json, found);
          TensorFlowJson.writeStatus(json, found);
        });
  }

  private void metadata(ServerRequest request, ServerResponse response) {
    ServedModel model = find(request);
    Answers.json(response, json -> TensorFlowJson.writeMetadata(json, model));
  }

  private ServedModel find(ServerRequest request) {
    String name = parameter(request, "model").orElseThrow();
    Optional<String> version = parameter(request, "version");
    return ModelCall.served(models, name, version);
  }

  private void ask(ServerRequest request, ServerResponse response, Verb verb) {
    ServedModel model = find(request);
    try (RequestBody body = bodies.open(request)) {
      Prediction asked =
          JsonBody.read(
              body.stream(),
              "a prediction",
              EXAMPLE,
              json ->
                  verb == Verb.PREDICT
                      ? Prediction.read(json, model.signature(), body.heap())
                      : Prediction.readExamples(json, model.signature(), body.heap()));
      body.became(asked.inputs().stream().mapToLong(Tensor::heapBytes).sum());
      InferenceResult result = ModelCall.infer(models, request, question(request, asked));
      body.heap().take(result.outputs());
      JsonText.Content answer =
          switch (verb) {
            case PREDICT -> predictions(asked, result.outputs());
            case CLASSIFY -> classes(asked, result.outputs());
            case REGRESS -> values(asked, result.outputs());
          };
      Answers.json(request, response, body.heap(), answer);
    }
  }

  private static InferenceRequest question(ServerRequest request, Prediction asked) {
    return new InferenceRequest(
        parameter(request, "model").orElseThrow(),
        parameter(request, "version"),
        asked.inputs(),
        List.of(),
        Optional.empty(),
        InferenceRequest.PRIORITY_DEFAULT,
        Gate.callerName(request));
  }

  private static JsonText.Content predictions(Prediction asked, List<Tensor> outputs) {
    if (asked.rows().isEmpty()) {
      return json -> TensorFlowJson.writeColumns(json, outputs);
    }
    int rows = asked.rows().getAsInt();
    for (Tensor output : outputs) {
      if (!hasRows(output, rows)) {
        throw Refusals.badRequest(
            ("output '%s' of shape %s has no row for each of %d instances; ask in columns, with"
                    + " \"inputs\"")
                .formatted(output.name(), output.shape(), rows));
      }
    }
    return json -> TensorFlowJson.writeRows(json, outputs, rows);
  }

  private static JsonText.Content classes(Prediction asked, List<Tensor> outputs) {
    int rows = asked.rows().orElseThrow();
    PackedTensor scores =
        find(outputs, rows, false, "scores of classes for each example, so it cannot classify");
    return json -> TensorFlowJson.writeClasses(json, scores, rows);
  }

  private static JsonText.Content values(Prediction asked, List<Tensor> outputs) {
    int rows = asked.rows().orElseThrow();
    PackedTensor values =
        find(outputs, rows, true, "one number for each example, so it cannot regress");
    return json -> TensorFlowJson.writeValues(json, values);
  }

  /** The first output of floating-point numbers, one or several for each row. */
  private static PackedTensor find(List<Tensor> outputs, int rows, boolean single, String what) {
    return outputs.stream()
        .filter(output -> TensorFlowJson.isFloating(output) && hasRows(output, rows))
        .filter(output -> output.shape().elements() == rows || !single)
        .filter(output -> output.shape().rank() == 2 || single)
        .map(PackedTensor.class::cast)
        .findFirst()
        .orElseThrow(() -> Refusals.badRequest("the model has no " + what));
  }

  private static boolean hasRows(Tensor output, int rows) {
    return output.shape().rank() > 0 && output.shape().dims().getFirst() == rows;
  }
}
