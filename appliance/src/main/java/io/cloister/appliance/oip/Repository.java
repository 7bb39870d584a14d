package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.http.Refusals;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http.RequestBody;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.InferenceRefusal.UnknownModel;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelState;
import io.cloister.appliance.inference.ModelStatus;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * What is deployed, and whether it is loaded (Triton, "Model Repository Extension"), below {@code
 * /v2/repository}. Which versions there are is the signed deployment's matter: nothing is added
 * here.
 */
public final class Repository implements HttpService {
  private static final int BODY_BYTES_MAX = 64 << 10;

  private final ModelServer models;
  private final RequestBodies bodies;

  Repository(ModelServer models, RequestBodies bodies) {
    this.models = models;
    this.bodies = bodies;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.post("/index", this::index).any("/index", Answers.onlyBy("POST"));
    for (String change : new String[] {"load", "unload"}) {
      String path = "/models/{model}/" + change;
      rules
          .post(path, (request, response) -> change(request, response, change))
          .any(path, Answers.onlyBy("POST"));
    }
  }

  private void index(ServerRequest request, ServerResponse response) {
    boolean readyOnly = readReadyOnly(request);
    byte[] all =
        JsonText.array(
            json -> {
              for (ModelStatus model : models.models()) {
                if (!readyOnly || model.state() == ModelState.READY) {
                  write(json, model);
                }
              }
            });
    Answers.json(response, all);
  }

  private static void write(JsonGenerator json, ModelStatus model) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", model.model().name());
    json.writeStringField("version", model.model().version());
    json.writeStringField("state", state(model));
    json.writeStringField("reason", reason(model));
    json.writeEndObject();
  }

  /** As Triton calls it. */
  public static String state(ModelStatus model) {
    return switch (model.state()) {
      case READY -> "READY";
      case LOADING -> "LOADING";
      case FAILED, UNLOADED -> "UNAVAILABLE";
    };
  }

  /** Why it is in its state; empty where it is ready. */
  public static String reason(ModelStatus model) {
    return model.state() == ModelState.READY ? "" : model.reason().orElse("");
  }

  private void change(ServerRequest request, ServerResponse response, String change) {
    Gate.check(request, Role.ADMIN);
    String name = request.path().pathParameters().get("model");
    readParameters(request);
    change(models, name, change.equals("load"));
    Answers.json(response, json -> {});
  }

  /** Loads a routed model anew, or unloads it; a refusal is thrown as HTTP's. */
  public static void change(ModelServer models, String name, boolean load) {
    if (models.models().stream().noneMatch(model -> model.model().name().equals(name))) {
      throw Refusals.answer(new UnknownModel(name, Optional.empty()));
    }
    if (!load) {
      models.unload(name);
    } else if (models.reload(name) instanceof Refused refused) {
      throw new HttpException(
          "%s is not loaded: %s".formatted(name, refused.reason()), Status.BAD_REQUEST_400, true);
    }
  }

  /** {@code {"ready": true}} leaves out what does not serve. */
  private boolean readReadyOnly(ServerRequest request) {
    return read(
        request,
        json -> {
          boolean ready = false;
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (!field.equals("ready")) {
              throw JsonBody.unknown(json, field, "ready");
            }
            ready = JsonBody.bool(json, field);
          }
          return ready;
        });
  }

  /** A configuration or files of the caller's own would be unsigned. */
  private void readParameters(ServerRequest request) {
    read(
        request,
        json -> {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (!field.equals("parameters")) {
              throw JsonBody.unknown(json, field, "parameters");
            }
            readParameters(json);
          }
          return true;
        });
  }

  private static void readParameters(JsonParser json) throws IOException {
    JsonBody.expect(json, JsonToken.START_OBJECT, "an object in \"parameters\"");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (!name.equals("unload_dependents")) {
        throw JsonBody.unknown(
            json, name, "unload_dependents; a model is what its signed package says");
      }
      json.nextToken();
      JsonBody.bool(json, name);
    }
  }

  /** False where there is no body. */
  private boolean read(ServerRequest request, JsonBody.Content<Boolean> content) {
    boolean empty =
        !request.content().hasEntity()
            || request.headers().contains(HeaderValues.CONTENT_LENGTH_ZERO);
    if (empty) {
      return false;
    }
    try (RequestBody body = bodies.openShort(request, BODY_BYTES_MAX)) {
      return JsonBody.read(body.stream(), "a request to the repository", "{}", content);
    }
  }
}
