package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.access.Account;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Coding;
import io.cloister.appliance.http.Exchange;
import io.cloister.appliance.http.ModelCall;
import io.cloister.appliance.http.Refusals;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http2.Field;
import io.cloister.appliance.http2.Http2Stream;
import io.cloister.appliance.http2.StreamEnded;
import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.oip.RawData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One call (gRPC, "gRPC over HTTP2"): who asks, until when, and what was answered. */
final class GrpcCall {
  private static final HeaderName TIMEOUT = HeaderNames.create("grpc-timeout");
  private static final HeaderName ENCODING = HeaderNames.create("grpc-encoding");
  private static final Pattern TIMEOUT_FORM = Pattern.compile("([0-9]{1,8})([HMSmun])");
  private static final int PREFIX_BYTES = 5;

  /** A longer one is none: 99999999H are more nanoseconds than a number can say. */
  private static final Duration TIMEOUT_MAX = Duration.ofDays(365);

  private final Http2Stream stream;
  private final RequestBodies bodies;
  private final String id;
  private final Optional<Account> account;
  private Optional<Duration> timeout = Optional.empty();
  private Optional<ModelCall> asked = Optional.empty();
  private boolean begun;

  GrpcCall(Http2Stream stream, RequestBodies bodies, String id, Optional<Account> account) {
    this.stream = stream;
    this.bodies = bodies;
    this.id = id;
    this.account = account;
  }

  /** Under which the log has it. */
  String id() {
    return id;
  }

  Headers headers() {
    return stream.head().headers();
  }

  /** Refuses who has not that role. */
  void require(Account.Role role) {
    Gate.check(account, headers(), role);
  }

  /**
   * Reads what its metadata say of its messages.
   *
   * @param bytesMax of one
   */
  MessageReader messages(long bytesMax) {
    timeout = headers().first(TIMEOUT).map(GrpcCall::duration);
    String encoding = headers().first(ENCODING).orElse("identity");
    Optional<Coding> coding = Coding.find(encoding);
    if (coding.isEmpty() && !encoding.equals("identity")) {
      throw new HttpException(
          "the messages' grpc-encoding is %s; send gzip, deflate, or none".formatted(encoding),
          Status.UNSUPPORTED_MEDIA_TYPE_415);
    }
    long wait = timeout.orElse(TIMEOUT_MAX).toNanos();
    return new MessageReader(stream, bodies, bytesMax, coding, stream.startNanos() + wait);
  }

  private static Duration duration(String text) {
    Matcher matcher = TIMEOUT_FORM.matcher(text);
    if (!matcher.matches()) {
      throw RawData.refused("grpc-timeout is not '%s', but e.g. 500m".formatted(text));
    }
    TimeUnit unit =
        switch (matcher.group(2)) {
          case "H" -> TimeUnit.HOURS;
          case "M" -> TimeUnit.MINUTES;
          case "S" -> TimeUnit.SECONDS;
          case "m" -> TimeUnit.MILLISECONDS;
          case "u" -> TimeUnit.MICROSECONDS;
          default -> TimeUnit.NANOSECONDS;
        };
    Duration asked = Duration.of(Long.parseLong(matcher.group(1)), unit.toChronoUnit());
    return asked.compareTo(TIMEOUT_MAX) < 0 ? asked : TIMEOUT_MAX;
  }

  /** Until its deadline; empty where it has none. */
  Optional<Duration> timeLeft() {
    return timeout.map(
        whole -> {
          Duration left = whole.minusNanos(System.nanoTime() - stream.startNanos());
          if (!left.isPositive()) {
            throw Refusals.answer(new DeadlineExceeded(whole));
          }
          return left;
        });
  }

  /** Whose turn it is. */
  String caller() {
    return Gate.callerName(account.orElseThrow(), stream.peer());
  }

  /** The next message begins: of it no model was asked yet. */
  void next() {
    asked = Optional.empty();
  }

  /** Asks the model, until its caller leaves. */
  InferenceResult infer(ModelServer models, InferenceRequest question) throws StreamEnded {
    return stream.interruptibly(
        () -> ModelCall.infer(models, question, told -> asked = Optional.of(told)));
  }

  /** The one answer. */
  void answer(ProtoWriter message) throws StreamEnded {
    send(message, List.of(new Field("grpc-status", "0")));
  }

  /** One of several. */
  void send(ProtoWriter message) throws StreamEnded {
    send(message, List.of());
  }

  private void send(ProtoWriter message, List<Field> trailers) throws StreamEnded {
    if (message.length() > Integer.MAX_VALUE) {
      throw new HttpException(
          "the answer is longer than a message can be", Status.INTERNAL_SERVER_ERROR_500);
    }
    List<ByteBuffer> content = new ArrayList<>();
    content.add(ByteBuffer.allocate(PREFIX_BYTES).putInt(1, (int) message.length()));
    content.addAll(message.parts());
    List<Field> head = begun ? List.of() : head();
    begun = true;
    stream.answer(head, content, trailers);
  }

  private List<Field> head() {
    return List.of(
        new Field(":status", "200"),
        new Field("content-type", "application/grpc"),
        new Field("grpc-accept-encoding", "identity,gzip,deflate"),
        new Field("x-request-id", id));
  }

  /** No more of them. */
  void end() throws StreamEnded {
    end(List.of(new Field("grpc-status", "0")));
  }

  void refuse(HttpException e) throws StreamEnded {
    end(GrpcErrors.trailers(e));
  }

  /** Without a message, head and trailers are one (gRPC over HTTP2: Trailers-Only). */
  private void end(List<Field> status) throws StreamEnded {
    List<Field> trailers = new ArrayList<>(begun ? List.of() : head());
    trailers.addAll(status);
    stream.answer(List.of(), List.of(), trailers);
  }

  /** For the log: how that ended, and which model was asked. */
  Exchange told(Status status, long startNanos) {
    return new Exchange(
        id,
        headers(),
        stream.head().method(),
        stream.head().path(),
        status.code(),
        OptionalInt.of(status.equals(Status.OK_200) ? 0 : GrpcCode.of(status).number()),
        stream.peer(),
        account,
        asked,
        System.nanoTime() - startNanos);
  }
}
