package io.cloister.appliance.access;

import io.cloister.appliance.access.Account.Role;
import io.helidon.http.ForbiddenException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.UnauthorizedException;
import io.helidon.security.Security;
import io.helidon.security.SecurityContext;
import io.helidon.security.spi.AuditProvider;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.security.SecurityFeature;
import io.helidon.webserver.security.SecurityHttpFeature;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Stands before the routes of one listener. Routes that come before {@link #require} are open, all
 * that come after need the role. Where browsers come too, Helidon Security decides who someone is;
 * programs send a token with each of very many requests, which is looked up at once
 * (docs/adr/0016-tokens-looked-up-at-once.md). The refusal is thrown here, because Helidon's own
 * has no body and so could not say what to do.
 */
public final class Gate {
  private static final Set<Method> SAFE = Set.of(Method.GET, Method.HEAD, Method.OPTIONS);

  /** Helidon would log every request by default. */
  private static final AuditProvider NO_AUDIT = () -> event -> {};

  private final Optional<Security> security;
  private final Handler identify;

  private Gate(Optional<Security> security, Handler identify) {
    this.security = security;
    this.identify = identify;
  }

  /** For programs: a bearer token with every request. */
  public static Gate forTokens(Tokens tokens) {
    return new Gate(
        Optional.empty(),
        (request, response) -> {
          Bearer.find(request.headers()).flatMap(tokens::find).ifPresent(known(request));
          response.next();
        });
  }

  /** For browsers too: a session's cookie will do. */
  public static Gate forTokensAndSessions(Tokens tokens, Sessions sessions) {
    Security security =
        Security.builder()
            .addAuthenticationProvider(new TokenAuthenticator(tokens, sessions), "token")
            .addAuditProvider(NO_AUDIT)
            .disableTracing()
            .build();
    return new Gate(Optional.of(security), SecurityFeature.allowAnonymous().skipAudit());
  }

  /** Comes first on a routing. */
  public void prepare(HttpRouting.Builder routing) {
    security.ifPresent(used -> routing.addFeature(SecurityHttpFeature.create(used)));
  }

  /** Every route registered afterwards needs this role or a higher one. */
  public void require(HttpRouting.Builder routing, Role role) {
    routing.any(
        identify,
        (request, response) -> {
          request
              .context()
              .get(SecurityContext.class)
              .flatMap(TokenAuthenticator::account)
              .ifPresent(known(request));
          check(request, role);
          response.next();
        });
  }

  /** For routes behind {@link #require} that need more than it asks. */
  public static Handler only(Role role) {
    return (request, response) -> {
      check(request, role);
      response.next();
    };
  }

  private static Consumer<Account> known(ServerRequest request) {
    return request.context()::register;
  }

  /** Refuses who has not this role or a higher one; only behind {@link #require}. */
  public static void check(ServerRequest request, Role role) {
    check(find(request), request.headers(), role);
  }

  /** Refuses who has not this role or a higher one, or is not known. */
  public static void check(Optional<Account> known, Headers sent, Role role) {
    Account account =
        known.orElseThrow(
            () ->
                new UnauthorizedException(unknown(sent))
                    .header(
                        HeaderValues.create(
                            HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"cloister\"")));
    if (!role.orHigher().contains(account.role())) {
      throw new ForbiddenException(lacks(account, role));
    }
  }

  private static Optional<Account> find(ServerRequest request) {
    return request.context().get(Account.class);
  }

  /** What to say to someone who is known and may not. */
  public static String lacks(Account account, Role role) {
    return "the token '%s' has the role %s and may not do this: it needs %s; ask the operator for such a token (cloister token create)"
        .formatted(account.name(), account.role(), role);
  }

  /** What to say to someone who is not known. */
  private static String unknown(Headers sent) {
    String what = "no token was sent";
    if (sent.contains(HeaderNames.AUTHORIZATION)) {
      what =
          Bearer.find(sent).isPresent()
              ? "this appliance does not know the token that was sent"
              : "the header Authorization that was sent has no token of the kind Bearer";
    }
    return what
        + "; send the header 'Authorization: Bearer clst_…' with an API token"
        + " ('cloister token create' makes one; the first was printed by 'cloister install')";
  }

  /**
   * Refuses changes that another site makes the browser ask for (cross-site request forgery).
   * Programs send a token with each request and no cookie: they need not say an origin.
   */
  public static void requireSameOrigin(ServerRequest request, ServerResponse response) {
    boolean harmless = SAFE.contains(request.prologue().method());
    if (!harmless && !request.headers().contains(HeaderNames.AUTHORIZATION) && !same(request)) {
      throw new ForbiddenException(
          "this change was asked for by another site, or does not say by which (header Origin);"
              + " use the console's own page, or send a token");
    }
    response.next();
  }

  private static boolean same(ServerRequest request) {
    Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
    String here = "https://" + request.headers().first(HeaderNames.HOST).orElse("");
    return origin
        .map(here::equalsIgnoreCase)
        .orElseGet(
            () ->
                request
                    .headers()
                    .first(HeaderNames.create("Sec-Fetch-Site"))
                    .equals(Optional.of("same-origin")));
  }

  /** Who asks; only behind {@link #require}. */
  public static String accountName(ServerRequest request) {
    return find(request).orElseThrow().name();
  }

  /** Who asks, where that is known: on any route, after its answer too. */
  public static Optional<Account> findAccount(ServerRequest request) {
    return find(request);
  }

  /** Whose turn it is: an account's requests from one address; only behind {@link #require}. */
  public static String callerName(ServerRequest request) {
    return callerName(find(request).orElseThrow(), request.remotePeer().host());
  }

  /** Whose turn it is. */
  public static String callerName(Account account, String peer) {
    return account.name() + "@" + peer;
  }

  /** Helidon's handler type, for routes that only this check guards. */
  public static Handler sameOrigin() {
    return Gate::requireSameOrigin;
  }
}
