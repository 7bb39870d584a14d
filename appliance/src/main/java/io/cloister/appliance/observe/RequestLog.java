package io.cloister.appliance.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.Exchange;
import io.cloister.appliance.http.ModelCall;
import io.cloister.appliance.tensor.Shape;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Gives each request an id, told in the answer, and a line in the access log; those that failed are
 * in the service's log too, at a bounded pace.
 */
public final class RequestLog implements Filter, Exchange.Log {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int FAILED = 400;

  /** The model answered, and that was too long, or nobody was there to take it. */
  private static final String UNSENT = "not_answered";

  private static final double NANOS_PER_MILLI = 1e6;

  private final JsonLog log;
  private final AccessLog access;
  private final ResponseCounts counts;
  private final String listener;
  private final LogPace pace = new LogPace();

  public RequestLog(JsonLog log, AccessLog access, ResponseCounts counts, String listener) {
    this.log = log;
    this.access = access;
    this.counts = counts;
    this.listener = listener;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long start = System.nanoTime();
    String id = id(request.headers());
    response.header(HeaderValues.create(Answers.REQUEST_ID, id));
    try {
      chain.proceed();
    } finally {
      // Also when the answer could not be sent, because the caller had left.
      add(
          new Exchange(
              id,
              request.headers(),
              request.prologue().method().text(),
              request.prologue().uriPath().path(),
              response.status().code(),
              OptionalInt.empty(),
              request.remotePeer().host(),
              Gate.findAccount(request),
              request.context().get(ModelCall.class),
              System.nanoTime() - start));
    }
  }

  /** A caller's own id is kept, so that its log and ours can be laid side by side. */
  @Override
  public String id(Headers headers) {
    return headers
        .first(Answers.REQUEST_ID)
        .filter(own -> ID.matcher(own).matches())
        .orElseGet(() -> HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
  }

  @Override
  public void add(Exchange exchange) {
    counts.add(listener, exchange.status());
    access.add(
        json -> {
          json.writeStringField("time", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
          write(json, exchange);
        });
    if (exchange.status() >= FAILED && pace.admits(System.nanoTime())) {
      failed(exchange);
    }
  }

  private void failed(Exchange exchange) {
    log.event(
        "request_failed",
        json -> {
          write(json, exchange);
          long untold = pace.takeUntold();
          if (untold > 0) {
            json.writeNumberField("untold", untold);
          }
        });
  }

  private void write(JsonGenerator json, Exchange exchange) throws IOException {
    json.writeStringField("request_id", exchange.id());
    Optional<TraceParent> trace = TraceParent.find(exchange.headers());
    if (trace.isPresent()) {
      json.writeStringField("trace_id", trace.get().traceId());
      json.writeStringField("parent_id", trace.get().parentId());
    }
    json.writeStringField("listener", listener);
    json.writeStringField("method", exchange.method());
    json.writeStringField("path", exchange.path());
    json.writeNumberField("status", exchange.status());
    if (exchange.grpcStatus().isPresent()) {
      json.writeNumberField("grpc_status", exchange.grpcStatus().getAsInt());
    }
    json.writeNumberField(
        "duration_ms", Math.round(exchange.nanos() / NANOS_PER_MILLI * 1000) / 1000.0);
    json.writeStringField("peer", exchange.peer());
    if (exchange.account().isPresent()) {
      json.writeStringField("account", exchange.account().get().name());
    }
    if (exchange.call().isPresent()) {
      write(json, exchange.call().get(), exchange.status());
    }
  }

  private static void write(JsonGenerator json, ModelCall call, int status) throws IOException {
    json.writeStringField("model", call.model());
    if (call.version().isPresent()) {
      json.writeStringField("version", call.version().get());
    }
    json.writeObjectFieldStart("inputs");
    for (Map.Entry<String, Shape> input : call.inputs().entrySet()) {
      json.writeArrayFieldStart(input.getKey());
      for (long dim : input.getValue().dims()) {
        json.writeNumber(dim);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    boolean unsent = status >= FAILED && call.outcome().equals(ModelCall.OK);
    json.writeStringField("outcome", unsent ? UNSENT : call.outcome());
  }
}
