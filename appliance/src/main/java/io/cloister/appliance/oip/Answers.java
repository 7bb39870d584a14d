package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * How a listener answers: JSON, and every failure as {@code {"error": "…"}} (OIP v2, "Inference
 * Response JSON Object": $inference_error_response).
 */
public final class Answers {
  private static final Logger LOG = System.getLogger(Answers.class.getName());
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private Answers() {}

  public static void json(ServerResponse response, JsonText.Content fields) {
    response.header(JSON).send(JsonText.object(fields));
  }

  private static byte[] error(String message) {
    return JsonText.object((JsonGenerator json) -> json.writeStringField("error", message));
  }

  /** Every exception of the routes becomes an answer; one of ours is logged, its words are not. */
  public static void onErrors(HttpRouting.Builder routing) {
    routing.error(HttpException.class, (request, response, e) -> send(response, e));
    routing.error(Throwable.class, Answers::defect);
  }

  private static void send(ServerResponse response, HttpException e) {
    e.headers().forEach(response::header);
    String message = e.getMessage() == null ? e.status().reasonPhrase() : e.getMessage();
    response.status(e.status()).header(JSON).send(error(message));
  }

  private static void defect(ServerRequest request, ServerResponse response, Throwable e) {
    LOG.log(Level.ERROR, "a request ended in a defect", e);
    response
        .status(Status.INTERNAL_SERVER_ERROR_500)
        .header(JSON)
        .send(
            error(
                "this is a defect of the appliance, not of the request; the log has it under the"
                    + " request id in the header X-Request-Id; tell the vendor"));
  }

  /** Answers every path that no route before it does. */
  public static Handler notFound() {
    return (request, response) -> {
      throw new HttpException(
          "there is no %s %s here"
              .formatted(request.prologue().method().text(), request.path().absolute().path()),
          Status.NOT_FOUND_404,
          true);
    };
  }

  /** For what fails before a route is found: broken HTTP, a body beyond what is even discarded. */
  public static DirectHandlers direct(long requestBytesMax) {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(type, new Early(requestBytesMax));
    }
    return handlers.build();
  }

  private record Early(long requestBytesMax) implements DirectHandler {
    @Override
    public TransportResponse handle(
        TransportRequest request,
        EventType type,
        Status status,
        ServerResponseHeaders headers,
        @Nullable String message) {
      String words =
          status.equals(Status.REQUEST_ENTITY_TOO_LARGE_413)
              ? RequestBody.tooLarge(requestBytesMax)
              : "this is not a request that can be answered: " + status.reasonPhrase();
      return TransportResponse.builder()
          .status(status)
          .headers(headers)
          .header(JSON)
          .keepAlive(false)
          .entity(error(words))
          .build();
    }
  }
}
