package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.ModelCall;
import io.cloister.appliance.http.Refusals;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http.RequestBody;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.text.TextLimits;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /v1/embeddings} and the list of {@code /v1/models} (OpenAI API reference). */
public final class OpenAiRoutes implements HttpService {
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String EXAMPLE = "{\"model\": \"…\", \"input\": \"…\"}";

  private final ModelServer models;
  private final RequestBodies bodies;

  public OpenAiRoutes(ModelServer models, RequestBodies bodies) {
    this.models = models;
    this.bodies = bodies;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.post("/embeddings", this::embeddings).any("/embeddings", Answers.onlyBy("POST"));
    Answers.read(rules, "/models", this::list);
  }

  /**
   * Failures in OpenAI's form, those of other protocols in the plain one. What OpenAI has and this
   * appliance has not is OpenAI's; a model below {@code /v1/models/} is TensorFlow Serving's.
   */
  public static void writeError(JsonGenerator json, String path, Status status, String message)
      throws IOException {
    if (!path.startsWith("/v1/") || path.startsWith("/v1/models/")) {
      Answers.ErrorForm.PLAIN.write(json, path, status, message);
      return;
    }
    json.writeObjectFieldStart("error");
    json.writeStringField("message", message);
    json.writeStringField("type", type(status));
    json.writeNullField("param");
    json.writeStringField("code", code(path, status));
    json.writeEndObject();
  }

  private static String type(Status status) {
    return switch (status.family()) {
      case SERVER_ERROR -> "server_error";
      default -> status.code() == 429 ? "rate_limit_error" : "invalid_request_error";
    };
  }

  private static String code(String path, Status status) {
    return switch (status.code()) {
      case 401 -> "invalid_api_key";
      case 404 -> path.equals(EMBEDDINGS) ? "model_not_found" : "unknown_url";
      case 429 -> "rate_limit_exceeded";
      default -> status.reasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '_');
    };
  }

  private void list(ServerRequest request, ServerResponse response) {
    Answers.json(
        response,
        json -> {
          json.writeStringField("object", "list");
          json.writeArrayFieldStart("data");
          for (ModelStatus model : models.models()) {
            if (model.active()) {
              json.writeStartObject();
              writeModel(json, model);
              json.writeEndObject();
            }
          }
          json.writeEndArray();
        });
  }

  /** The fields of a model; {@code created} is when this machine accepted it. */
  static void writeModel(JsonGenerator json, ModelStatus model) throws IOException {
    json.writeStringField("id", model.model().name());
    json.writeStringField("object", "model");
    json.writeNumberField(
        "created", model.acceptance().map(report -> report.at().getEpochSecond()).orElse(0L));
    json.writeStringField("owned_by", "cloister");
  }

  private void embeddings(ServerRequest request, ServerResponse response) {
    try (RequestBody body = bodies.open(request)) {
      EmbeddingsRequest asked =
          JsonBody.read(
              body.stream(), "a request for embeddings", EXAMPLE, EmbeddingsRequest::read);
      body.became(asked.texts().stream().mapToLong(text -> text.length).sum());
      check(asked);
      List<InferenceResult> parts =
          askAll(request, asked, body.heap())
              .or(() -> askAll(request, asked, body.heap()))
              .orElseThrow(OpenAiRoutes::switchedTwice);
      Answers.json(request, response, body.heap(), json -> write(json, asked, parts));
    }
  }

  private void check(EmbeddingsRequest asked) {
    ServedModel model = ModelCall.served(models, asked.model(), Optional.empty());
    if (model.config().text().isEmpty()) {
      throw Refusals.badRequest(
          "the model '%s' makes no embeddings of texts".formatted(asked.model()));
    }
    OptionalInt wanted = asked.dimensions();
    long own = model.signature().findOutput("embedding").orElseThrow().dims().getLast();
    if (wanted.isPresent() && wanted.getAsInt() != own) {
      throw Refusals.badRequest(
          "embeddings of '%s' have %d dimensions and mean nothing when they are cut to %d"
              .formatted(asked.model(), own, wanted.getAsInt()));
    }
  }

  /**
   * Asks in as many runs as it takes, all of the version that answered the first: vectors of two
   * mean nothing side by side. Empty where that version stopped serving in between.
   */
  private Optional<List<InferenceResult>> askAll(
      ServerRequest request, EmbeddingsRequest asked, HeapShare heap) {
    List<InferenceResult> parts = new ArrayList<>();
    Optional<String> version = Optional.empty();
    for (int i = 0; i < asked.texts().size(); i += TextLimits.TEXTS_MAX) {
      int end = Math.min(asked.texts().size(), i + TextLimits.TEXTS_MAX);
      try {
        parts.add(ask(request, asked.model(), version, asked.texts().subList(i, end)));
      } catch (HttpException e) {
        if (version.isPresent() && e.status().equals(Status.NOT_FOUND_404)) {
          parts.forEach(part -> heap.giveBack(part.outputs()));
          return Optional.empty();
        }
        throw e;
      }
      heap.take(parts.getLast().outputs());
      version = Optional.of(parts.getLast().modelVersion());
    }
    return Optional.of(parts);
  }

  private static HttpException switchedTwice() {
    return new HttpException(
            "the model's version changed twice while it had this request; try again in 1 s",
            Status.SERVICE_UNAVAILABLE_503,
            true)
        .header(HeaderValues.create(HeaderNames.RETRY_AFTER, "1"));
  }

  private InferenceResult ask(
      ServerRequest request, String model, Optional<String> version, List<byte[]> texts) {
    InferenceRequest question =
        new InferenceRequest(
            model,
            version,
            List.of(new BytesTensor("text", Shape.of(texts.size()), texts)),
            List.of("embedding", "tokens"),
            Optional.empty(),
            InferenceRequest.PRIORITY_DEFAULT,
            Gate.callerName(request));
    return ModelCall.infer(models, request, question);
  }

  private static void write(
      JsonGenerator json, EmbeddingsRequest asked, List<InferenceResult> parts) throws IOException {
    json.writeStringField("object", "list");
    json.writeArrayFieldStart("data");
    int index = 0;
    long tokens = 0;
    for (InferenceResult part : parts) {
      PackedTensor embedding = output(part, 0);
      PackedTensor counts = output(part, 1);
      int size = Math.toIntExact(embedding.shape().dims().get(1));
      ByteBuffer data = embedding.data();
      for (int row = 0; row < counts.shape().elements(); row++) {
        writeRow(json, index++, data.slice(row * size * Float.BYTES, size * Float.BYTES), asked);
        tokens += counts.longAt(row);
      }
    }
    json.writeEndArray();
    json.writeStringField("model", asked.model());
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", tokens);
    json.writeNumberField("total_tokens", tokens);
    json.writeEndObject();
  }

  private static PackedTensor output(InferenceResult result, int place) {
    Tensor output = result.outputs().get(place);
    return (PackedTensor) output;
  }

  private static void writeRow(
      JsonGenerator json, int index, ByteBuffer vector, EmbeddingsRequest asked)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "embedding");
    json.writeNumberField("index", index);
    if (asked.base64()) {
      byte[] bytes = new byte[vector.remaining()];
      vector.get(bytes);
      json.writeBinaryField("embedding", bytes);
    } else {
      json.writeArrayFieldStart("embedding");
      var floats = vector.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      while (floats.hasRemaining()) {
        json.writeNumber(floats.get());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
