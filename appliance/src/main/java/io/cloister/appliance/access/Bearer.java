package io.cloister.appliance.access;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.Optional;

/** The token of {@code Authorization: Bearer TOKEN} (RFC 6750 §2.1). */
public final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /** Empty unless there is one such header, and no other of its name. */
  public static Optional<String> find(Headers headers) {
    return headers.contains(HeaderNames.AUTHORIZATION)
        ? find(headers.get(HeaderNames.AUTHORIZATION).allValues())
        : Optional.empty();
  }

  static Optional<String> find(List<String> authorization) {
    return authorization.size() == 1
            && authorization.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(authorization.getFirst().substring(SCHEME.length()).strip())
        : Optional.empty();
  }
}
