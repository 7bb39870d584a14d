package io.cloister.appliance.observe;

import io.cloister.appliance.http.Answers;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Gives each request an id, told in the answer, and logs those that failed. All are counted: a line
 * for each would fill a disk that nobody empties.
 */
public final class RequestLog implements Filter {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int FAILED = 400;

  private final JsonLog log;
  private final ResponseCounts counts;
  private final String listener;
  private final LogPace pace = new LogPace();

  public RequestLog(JsonLog log, ResponseCounts counts, String listener) {
    this.log = log;
    this.counts = counts;
    this.listener = listener;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long start = System.nanoTime();
    // A caller's own id is kept, so that its log and ours can be laid side by side.
    String id =
        request
            .headers()
            .first(Answers.REQUEST_ID)
            .filter(own -> ID.matcher(own).matches())
            .orElseGet(() -> HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    response.header(HeaderValues.create(Answers.REQUEST_ID, id));
    try {
      chain.proceed();
    } finally {
      // Also when the answer could not be sent, because the caller had left.
      counts.add(listener, response.status().code());
      if (response.status().code() >= FAILED && pace.admits(System.nanoTime())) {
        failed(request, response, id, (System.nanoTime() - start) / 1e6);
      }
    }
  }

  private void failed(RoutingRequest request, RoutingResponse response, String id, double millis) {
    log.event(
        "request_failed",
        json -> {
          json.writeStringField("request_id", id);
          json.writeStringField("listener", listener);
          json.writeStringField("method", request.prologue().method().text());
          json.writeStringField("path", request.prologue().uriPath().path());
          json.writeNumberField("status", response.status().code());
          json.writeNumberField("duration_ms", Math.round(millis * 1000) / 1000.0);
          json.writeStringField("peer", request.remotePeer().host());
          long untold = pace.takeUntold();
          if (untold > 0) {
            json.writeNumberField("untold", untold);
          }
        });
  }
}
