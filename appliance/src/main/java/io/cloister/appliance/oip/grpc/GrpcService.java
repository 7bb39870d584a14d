package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.access.Account;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.Bearer;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.access.Tokens;
import io.cloister.appliance.http.Exchange;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.http.Refusals;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http.RequestDefect;
import io.cloister.appliance.http2.Field;
import io.cloister.appliance.http2.Http2Stream;
import io.cloister.appliance.http2.RequestHead;
import io.cloister.appliance.http2.StreamEnded;
import io.cloister.appliance.http2.StreamHandler;
import io.cloister.appliance.inference.ModelServer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Answers every call of a caller over HTTP/2, and tells the log of it. */
public final class GrpcService implements StreamHandler {
  private static final Logger LOG = System.getLogger(GrpcService.class.getName());
  private static final String STREAM = Methods.path("ModelStreamInfer");
  private static final String CONTENT_TYPE = "application/grpc";

  private final Methods methods;
  private final RequestBodies bodies;
  private final Tokens tokens;
  private final Exchange.Log log;

  /**
   * @param release version of the product, told in the server's metadata
   * @param ready whether every model of the deployment serves
   */
  public GrpcService(
      ModelServer models,
      String release,
      BooleanSupplier ready,
      RequestBodies bodies,
      Tokens tokens,
      Exchange.Log log) {
    this.methods = new Methods(models, release, ready);
    this.bodies = bodies;
    this.tokens = tokens;
    this.log = log;
  }

  @Override
  public void handle(Http2Stream stream) {
    RequestHead head = stream.head();
    Optional<Account> account = find(head.headers());
    GrpcCall call = new GrpcCall(stream, bodies, log.id(head.headers()), account);
    try {
      Optional<Status> told =
          isGrpc(head) ? answer(call, head.path()) : Optional.of(sendAway(stream));
      told.ifPresent(status -> log.add(call.told(status, stream.startNanos())));
    } catch (StreamEnded e) {
      log.add(call.told(Refusals.CALLER_LEFT, stream.startNanos()));
    }
  }

  private Optional<Account> find(Headers headers) {
    return Bearer.find(headers).flatMap(tokens::find);
  }

  private static boolean isGrpc(RequestHead head) {
    String type = head.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    return head.method().equals("POST")
        && (type.equals(CONTENT_TYPE)
            || type.equals(CONTENT_TYPE + "+proto")
            || type.startsWith(CONTENT_TYPE + ";"));
  }

  /** What every client of HTTP understands (gRPC over HTTP2: Content-Type). */
  private static Status sendAway(Http2Stream stream) throws StreamEnded {
    byte[] words =
        JsonText.object(
            json ->
                json.writeStringField(
                    "error",
                    "over HTTP/2 only gRPC is spoken here (POST, content-type application/grpc);"
                        + " ask for everything else over HTTP/1.1"));
    stream.answer(
        List.of(new Field(":status", "415"), new Field("content-type", "application/json")),
        List.of(ByteBuffer.wrap(words)),
        List.of(new Field("x-content-type-options", "nosniff")));
    return Status.UNSUPPORTED_MEDIA_TYPE_415;
  }

  /** How it ended; empty where each message has a line of its own in the log. */
  private Optional<Status> answer(GrpcCall call, String path) throws StreamEnded {
    try {
      if (path.equals(STREAM)) {
        answerEach(call);
        return Optional.empty();
      }
      answerOne(call, methods.get(path));
      return Optional.of(Status.OK_200);
    } catch (HttpException e) {
      call.refuse(e);
      return Optional.of(e.status());
    } catch (RuntimeException e) {
      HttpException told = defect(call, e);
      call.refuse(told);
      return Optional.of(told.status());
    }
  }

  private void answerOne(GrpcCall call, Methods.Method method) throws StreamEnded {
    method.check(call);
    try (Message message = call.messages(method.bytesMax(bodies)).only()) {
      call.answer(method.answer().to(call, message));
    }
  }

  /** ModelStreamInfer: each message is answered before the next is taken. */
  private void answerEach(GrpcCall call) throws StreamEnded {
    call.require(Role.USER);
    MessageReader messages = call.messages(bodies.bytesMax());
    while (true) {
      Optional<Message> next = messages.next();
      if (next.isEmpty()) {
        call.end();
        return;
      }
      try (Message message = next.get()) {
        // Whose token was revoked meanwhile asks no more, however long its stream is.
        Gate.check(find(call.headers()), call.headers(), Role.USER);
        answerOneOfMany(call, message);
      }
    }
  }

  /** ModelStreamInferResponse: a refusal of one does not end the others. */
  private void answerOneOfMany(GrpcCall call, Message message) throws StreamEnded {
    long startNanos = System.nanoTime();
    Status status = Status.OK_200;
    call.next();
    try {
      call.send(new ProtoWriter().message(2, methods.infer(call, message)));
    } catch (HttpException e) {
      status = e.status();
      call.send(new ProtoWriter().text(1, GrpcErrors.words(e)));
    }
    log.add(call.told(status, startNanos));
  }

  private static HttpException defect(GrpcCall call, RuntimeException e) {
    LOG.log(Level.ERROR, "a request ended in a defect", new RequestDefect(call.id(), e));
    return new HttpException(
        "this is a defect of the appliance, not of the request; the log has it under the request id"
            + " in x-request-id; tell the vendor",
        Status.INTERNAL_SERVER_ERROR_500);
  }
}
