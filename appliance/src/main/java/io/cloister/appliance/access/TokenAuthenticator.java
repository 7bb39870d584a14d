package io.cloister.appliance.access;

import io.helidon.security.AuthenticationResponse;
import io.helidon.security.Principal;
import io.helidon.security.ProviderRequest;
import io.helidon.security.Role;
import io.helidon.security.Subject;
import io.helidon.security.spi.AuthenticationProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a bearer token, or a console session's cookie, into a subject with its role. */
final class TokenAuthenticator implements AuthenticationProvider {
  private static final String BEARER = "Bearer ";

  private final Tokens tokens;
  private final Optional<Sessions> sessions;

  TokenAuthenticator(Tokens tokens, Optional<Sessions> sessions) {
    this.tokens = tokens;
    this.sessions = sessions;
  }

  @Override
  public AuthenticationResponse authenticate(ProviderRequest request) {
    Map<String, List<String>> headers = request.env().headers();
    return find(headers)
        .map(account -> AuthenticationResponse.success(subject(account)))
        .orElseGet(() -> AuthenticationResponse.failed("no known token"));
  }

  private Optional<Account> find(Map<String, List<String>> headers) {
    List<String> authorization = headers.getOrDefault("Authorization", List.of());
    if (!authorization.isEmpty()) {
      return bearer(authorization).flatMap(tokens::find);
    }
    return sessions.flatMap(known -> Cookies.find(headers, Sessions.COOKIE).flatMap(known::find));
  }

  private static Optional<String> bearer(List<String> authorization) {
    String value = authorization.getFirst();
    boolean bearer = value.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer && authorization.size() == 1
        ? Optional.of(value.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private static Subject subject(Account account) {
    return Subject.builder()
        .principal(Principal.create(account.name()))
        .addGrant(Role.create(account.role().name()))
        .build();
  }
}
