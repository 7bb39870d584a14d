package io.cloister.appliance.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Closes a connection after the answer with which either side said it would be the last (RFC 9112
 * §9.6). Helidon reads on, and answers what a refused request left behind. The outermost filter.
 */
public final class Closing implements Filter {
  private final BooleanSupplier ending;

  /** With {@code ending} true, every answer is the last of its connection. */
  public Closing(BooleanSupplier ending) {
    this.ending = ending;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (ending.getAsBoolean()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    chain.proceed();
    boolean asked =
        isLast(request.headers())
            && (!request.content().hasEntity() || request.content().consumed());
    if (asked || response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the last answer on this connection");
    }
  }

  /** Whether close is among the options, in letters of either case (RFC 9110 §7.6.1). */
  private static boolean isLast(Headers request) {
    return request.contains(HeaderNames.CONNECTION)
        && request.get(HeaderNames.CONNECTION).allValues().stream()
            .flatMap(value -> Stream.of(value.split(",")))
            .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
  }
}
