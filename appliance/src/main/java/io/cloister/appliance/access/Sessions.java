package io.cloister.appliance.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Console sessions: in memory, so that a restart ends them all. Keyed by the digest of what the
 * browser holds, so that looking one up takes the same time for every wrong guess. Their number is
 * bounded for each account, and so by that of the tokens: nobody's logins end those of others.
 */
public final class Sessions {
  public static final Duration LIFETIME = Duration.ofHours(8);

  /** The {@code __Host-} prefix makes browsers insist on Secure, this very host and path /. */
  public static final String COOKIE = "__Host-cloister";

  static final int OF_AN_ACCOUNT_MAX = 50;

  private record Session(Account account, Instant end) {}

  /** Oldest first. */
  private final SequencedMap<String, Session> sessions = new LinkedHashMap<>();

  private final InstantSource clock;
  private final SecureRandom random;

  public Sessions(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Begins a session; answers the secret for the browser's cookie. When the account has too many,
   * its oldest one ends.
   */
  public synchronized String begin(Account account) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> session.end.isBefore(now));
    List<String> own = keys(account.name());
    if (own.size() >= OF_AN_ACCOUNT_MAX) {
      sessions.remove(own.getFirst());
    }
    String secret = ApiToken.generate(random);
    sessions.put(key(secret), new Session(account, now.plus(LIFETIME)));
    return secret;
  }

  public synchronized Optional<Account> find(String secret) {
    return Optional.ofNullable(sessions.get(key(secret)))
        .filter(session -> clock.instant().isBefore(session.end))
        .map(Session::account);
  }

  public synchronized void end(String secret) {
    sessions.remove(key(secret));
  }

  /**
   * Ends all of an account.
   *
   * @return how many there were
   */
  public synchronized int endAll(String account) {
    List<String> own = keys(account);
    own.forEach(sessions::remove);
    return own.size();
  }

  /** Oldest first. */
  private List<String> keys(String account) {
    return sessions.entrySet().stream()
        .filter(session -> session.getValue().account.name().equals(account))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String key(String secret) {
    return HexFormat.of().formatHex(ApiToken.sha256(secret));
  }
}
