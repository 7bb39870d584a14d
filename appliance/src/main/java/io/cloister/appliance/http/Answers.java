package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a listener answers: JSON, and every failure as its protocol has it, {@code {"error": "…"}} by
 * default (OIP v2, "Inference Response JSON Object": $inference_error_response).
 */
public final class Answers {
  private static final Logger LOG = System.getLogger(Answers.class.getName());

  /** Under this an answer and the log's line about it are found together. */
  public static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");

  public static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  /** A shorter answer fits one packet as it is. */
  private static final int COMPRESSED_MIN = 1400;

  /** Answers are the caller's alone, and are never a page. */
  private static final Header NO_STORE =
      HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

  private static final Header NO_SNIFF =
      HeaderValues.createCached(HeaderNames.create("X-Content-Type-Options"), "nosniff");

  private Answers() {}

  public static void json(ServerResponse response, JsonText.Content fields) {
    json(response, JsonText.object(fields));
  }

  /**
   * Answers with content that may be long, compressed where the caller asks for it and it is worth
   * it.
   *
   * @param further what else its head has to say
   */
  public static void content(
      ServerRequest request,
      ServerResponse response,
      Header contentType,
      AnswerBytes content,
      Header... further) {
    Optional<Coding> coding =
        content.length() < COMPRESSED_MIN ? Optional.empty() : Coding.wanted(request.headers());
    AnswerBytes sent = coding.map(content::encoded).orElse(content);
    coding.ifPresent(
        used -> response.header(HeaderValues.create(HeaderNames.CONTENT_ENCODING, used.text())));
    for (Header header : further) {
      response.header(header);
    }
    response.header(contentType).header(NO_STORE).header(NO_SNIFF);
    sent.send(response);
  }

  /** Answers with an object that may be long. */
  public static void json(
      ServerRequest request, ServerResponse response, HeapShare heap, JsonText.Content fields) {
    AnswerBytes content = new AnswerBytes(heap);
    JsonText.object(content, fields);
    content(request, response, JSON, content);
  }

  private static byte[] error(String message) {
    return JsonText.object((JsonGenerator json) -> json.writeStringField("error", message));
  }

  /** How a failure is told: each protocol has its own form. */
  @FunctionalInterface
  public interface ErrorForm {
    void write(JsonGenerator json, String path, Status status, String message) throws IOException;

    /** OIP v2's, and TensorFlow Serving's. */
    ErrorForm PLAIN = (json, path, status, message) -> json.writeStringField("error", message);
  }

  /** Every exception of the routes becomes an answer; one of ours is logged, its words are not. */
  public static void onErrors(HttpRouting.Builder routing, ErrorForm form) {
    routing.error(
        HttpException.class, (request, response, e) -> refuse(form, request, response, e));
    routing.error(Throwable.class, (request, response, e) -> defect(form, request, response, e));
  }

  private static void refuse(
      ErrorForm form, ServerRequest request, ServerResponse response, HttpException e) {
    e.headers().forEach(response::header);
    if (!e.keepAlive()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    String message = e.getMessage() == null ? e.status().reasonPhrase() : e.getMessage();
    send(form, request, response.status(e.status()), message);
  }

  private static void defect(
      ErrorForm form, ServerRequest request, ServerResponse response, Throwable e) {
    String id = response.headers().first(REQUEST_ID).orElse("without an id");
    LOG.log(Level.ERROR, "a request ended in a defect", new RequestDefect(id, e));
    send(
        form,
        request,
        response.status(Status.INTERNAL_SERVER_ERROR_500),
        "this is a defect of the appliance, not of the request; the log has it under the request"
            + " id in the header X-Request-Id; tell the vendor");
  }

  private static void send(
      ErrorForm form, ServerRequest request, ServerResponse response, String message) {
    // What is left of a chunked body is not waited for: Helidon would gather each chunk whole.
    if (request.headers().contains(HeaderValues.TRANSFER_ENCODING_CHUNKED)
        && !request.content().consumed()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    // An answer to HEAD has no content (RFC 9110 §9.3.2); Helidon would send it all the same.
    boolean head = Method.HEAD.equals(request.prologue().method());
    String path = request.prologue().uriPath().path();
    json(
        response,
        head
            ? new byte[0]
            : JsonText.object(json -> form.write(json, path, response.status(), message)));
  }

  /**
   * Answers with that JSON as it is: clients of Triton's asyncio kind ask for compression of all
   * answers, and undo it in those to an inference only.
   */
  public static void json(ServerResponse response, byte[] content) {
    response.header(JSON).header(NO_STORE).header(NO_SNIFF).send(content);
  }

  /** A path that is only read. */
  public static void read(HttpRules rules, String path, Handler handler) {
    rules.get(path, handler).any(path, onlyBy("GET"));
  }

  /** Refuses with 405 and the method that the path is asked with. */
  public static Handler onlyBy(String method) {
    return (request, response) -> {
      throw new HttpException(
              "this path is asked with %s, not %s"
                  .formatted(method, request.prologue().method().text()),
              Status.METHOD_NOT_ALLOWED_405,
              true)
          .header(HeaderValues.create(HeaderNames.ALLOW, method));
    };
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
              ? RequestBodies.tooLongWords(requestBytesMax)
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
