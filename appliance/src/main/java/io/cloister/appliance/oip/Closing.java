package io.cloister.appliance.oip;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * Closes a connection after the answer with which either side said it would be the last (RFC 9112
 * §9.6). Helidon reads on, and answers what a refused request left behind. The outermost filter.
 */
public final class Closing implements Filter {
  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    chain.proceed();
    boolean asked =
        request.headers().contains(HeaderValues.CONNECTION_CLOSE)
            && (!request.content().hasEntity() || request.content().consumed());
    if (asked || response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the last answer on this connection");
    }
  }
}
