package io.cloister.appliance.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloister.appliance.access.Account;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.Gate;
import io.cloister.appliance.access.Sessions;
import io.cloister.appliance.access.Tokens;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.http.Answers;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http.RequestBody;
import io.helidon.http.BadRequestException;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.http.UnauthorizedException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code /api/session}: a token becomes a browser session, and a session ends. */
public final class SessionRoutes implements HttpService {
  private static final int BODY_BYTES_MAX = 4 << 10;

  private final Tokens tokens;
  private final Sessions sessions;
  private final RequestBodies bodies;

  public SessionRoutes(Tokens tokens, Sessions sessions, RequestBodies bodies) {
    this.tokens = tokens;
    this.sessions = sessions;
    this.bodies = bodies;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.post("/", this::begin).delete("/", this::end);
  }

  private void begin(ServerRequest request, ServerResponse response) throws IOException {
    String token = readToken(request);
    Account account = tokens.find(token).orElseThrow(SessionRoutes::unknown);
    Gate.check(Optional.of(account), request.headers(), Role.ADMIN);
    String secret = sessions.begin(account);
    if (tokens.find(token).isEmpty()) {
      // Revoked just now: who did that may have looked for sessions before there was this one.
      sessions.end(secret);
      throw unknown();
    }
    response.header(cookie(secret, Sessions.LIFETIME));
    Answers.json(response, json -> json.writeStringField("account", account.name()));
  }

  private static UnauthorizedException unknown() {
    return new UnauthorizedException(
        "this appliance does not know that token; it begins with clst_ and was printed once, by"
            + " 'cloister install' or 'cloister token create'");
  }

  private String readToken(ServerRequest request) throws IOException {
    if (request.headers().contains(HeaderValues.TRANSFER_ENCODING_CHUNKED)) {
      throw new HttpException(
          "send the token with a Content-Length, not in chunks", Status.LENGTH_REQUIRED_411, false);
    }
    try (RequestBody body = bodies.openShort(request, BODY_BYTES_MAX)) {
      return Documents.parseJson(body.stream().readAllBytes()).path("token").asText().strip();
    } catch (JsonProcessingException e) {
      throw new BadRequestException("expected {\"token\": \"clst_…\"}", e);
    }
  }

  private void end(ServerRequest request, ServerResponse response) {
    request.headers().cookies().first(Sessions.COOKIE).ifPresent(sessions::end);
    response.header(cookie("", Duration.ZERO));
    Answers.json(response, json -> json.writeNullField("account"));
  }

  /**
   * RFC 6265 §4.1. Written here, because Helidon's own leaves out the age 0, which is what makes a
   * browser forget the cookie.
   */
  private static Header cookie(String value, Duration age) {
    return HeaderValues.create(
        HeaderNames.SET_COOKIE,
        "%s=%s; Max-Age=%d; Path=/; Secure; HttpOnly; SameSite=Strict"
            .formatted(Sessions.COOKIE, value, age.toSeconds()));
  }
}
