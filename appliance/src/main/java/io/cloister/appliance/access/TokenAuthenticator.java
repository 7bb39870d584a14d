package io.cloister.appliance.access;

import io.helidon.security.AuthenticationResponse;
import io.helidon.security.Principal;
import io.helidon.security.ProviderRequest;
import io.helidon.security.Role;
import io.helidon.security.SecurityContext;
import io.helidon.security.Subject;
import io.helidon.security.spi.AuthenticationProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a bearer token, or a console session's cookie, into a subject with its role. */
final class TokenAuthenticator implements AuthenticationProvider {
  private final Tokens tokens;
  private final Sessions sessions;

  TokenAuthenticator(Tokens tokens, Sessions sessions) {
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
      return Bearer.find(authorization).flatMap(tokens::find);
    }
    return Cookies.find(headers, Sessions.COOKIE).flatMap(sessions::find);
  }

  private static Subject subject(Account account) {
    return Subject.builder()
        .principal(Principal.create(account.name()))
        .addGrant(Role.create(account.role().name()))
        .build();
  }

  /** Whom a subject of {@link #subject} stands for; empty for nobody. */
  static Optional<Account> account(SecurityContext context) {
    return context
        .user()
        .map(
            user ->
                new Account(
                    user.principal().getName(),
                    Account.Role.valueOf(user.grants(Role.class).getFirst().getName())));
  }
}
