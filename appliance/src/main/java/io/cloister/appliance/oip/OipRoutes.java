package io.cloister.appliance.oip;

import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.ModelCall;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http.RequestBody;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStats;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.ModelVersion;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The Open Inference Protocol v2 over REST, below {@code /v2}; health lies in {@link Health}. */
public final class OipRoutes implements HttpService {
  private static final Pattern JSON_LENGTH_FORM = Pattern.compile("[0-9]{1,9}");

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
    List<String> named = List.of("/models/{model}", "/models/{model}/versions/{version}");
    // What is asked most comes first: each path before it would be tried for every request.
    for (String model : named) {
      rules.post(model + "/infer", this::infer).any(model + "/infer", Answers.onlyBy("POST"));
    }
    Answers.read(rules, "/", this::server);
    Answers.read(rules, "/models/stats", this::statistics);
    rules.register("/repository", new Repository(models, bodies));
    for (String model : named) {
      Answers.read(rules, model, this::metadata);
      Answers.read(rules, model + "/ready", this::ready);
      Answers.read(rules, model + "/config", this::config);
      Answers.read(rules, model + "/stats", this::statistics);
    }
  }

  private void server(ServerRequest request, ServerResponse response) {
    Answers.json(
        response,
        json -> {
          json.writeStringField("name", "cloister");
          json.writeStringField("version", release);
          json.writeArrayFieldStart("extensions");
          for (String extension : Metadata.EXTENSIONS) {
            json.writeString(extension);
          }
          json.writeEndArray();
        });
  }

  private void metadata(ServerRequest request, ServerResponse response) {
    ServedModel model = find(request);
    Answers.json(response, json -> Metadata.write(json, model));
  }

  private void config(ServerRequest request, ServerResponse response) {
    ServedModel model = find(request);
    Answers.json(response, json -> Metadata.writeConfig(json, model));
  }

  private void statistics(ServerRequest request, ServerResponse response) {
    Optional<ModelVersion> only = parameter(request, "model").map(name -> find(request).model());
    List<ModelStats> wanted =
        models.stats().stream()
            .filter(stats -> only.isEmpty() || only.get().equals(stats.model()))
            .toList();
    Answers.json(response, json -> Statistics.write(json, wanted));
  }

  /** 200 is true and a 4xx is false (OIP v2, "Model Ready"). */
  private void ready(ServerRequest request, ServerResponse response) {
    String name = parameter(request, "model").orElseThrow();
    boolean ready = ModelCall.ready(models, name, parameter(request, "version"));
    response.status(ready ? Status.OK_200 : Status.BAD_REQUEST_400);
    Answers.json(
        response,
        json -> {
          json.writeStringField("name", name);
          json.writeBooleanField("ready", ready);
        });
  }

  private ServedModel find(ServerRequest request) {
    String name = parameter(request, "model").orElseThrow();
    Optional<String> version = parameter(request, "version");
    return ModelCall.served(models, name, version);
  }

  private void infer(ServerRequest request, ServerResponse response) {
    OptionalInt jsonBytes = jsonBytes(request);
    try (RequestBody taken = bodies.open(request)) {
      InferBody body =
          jsonBytes.isPresent() && jsonBytes.getAsInt() == 0
              ? RawTensor.read(taken, find(request))
              : InferBody.read(taken, jsonBytes);
      taken.became(body.heapBytes());
      InferenceResult result = ModelCall.infer(models, request, question(request, body));
      taken.heap().take(result.outputs());
      new InferAnswer(body, result, taken.heap()).send(request, response);
    }
  }

  private static InferenceRequest question(ServerRequest request, InferBody body) {
    String name = parameter(request, "model").orElseThrow();
    Optional<String> version = parameter(request, "version");
    requireSame("model_name", body.model(), Optional.of(name));
    requireSame("model_version", body.version(), version);
    return new InferenceRequest(
        name,
        version.or(body::version),
        body.inputs(),
        body.outputNames(),
        body.parameters().timeout(),
        body.parameters().priority(),
        Gate.callerName(request));
  }

  /** What the body repeats of the path is no other thing. */
  private static void requireSame(String field, Optional<String> said, Optional<String> path) {
    if (said.isPresent() && path.isPresent() && !said.equals(path)) {
      throw RawData.refused(
          "\"%s\" is '%s', and the path asks '%s'".formatted(field, said.get(), path.get()));
    }
  }

  /** Where the JSON ends and the tensors begin; all is JSON when empty. */
  private static OptionalInt jsonBytes(ServerRequest request) {
    Optional<String> said = request.headers().first(InferAnswer.JSON_LENGTH);
    if (said.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!JSON_LENGTH_FORM.matcher(said.get()).matches()
        || request.headers().get(InferAnswer.JSON_LENGTH).valueCount() > 1) {
      throw new HttpException(
          "Inference-Header-Content-Length is one whole number of bytes, not '%s'"
              .formatted(request.headers().get(InferAnswer.JSON_LENGTH).values()),
          Status.BAD_REQUEST_400,
          true);
    }
    return OptionalInt.of(Integer.parseInt(said.get()));
  }

  private static Optional<String> parameter(ServerRequest request, String name) {
    return request.path().pathParameters().first(name).asOptional();
  }
}
