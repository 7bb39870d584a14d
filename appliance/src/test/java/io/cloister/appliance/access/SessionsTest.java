package io.cloister.appliance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.access.Account.Role;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final Account ACCOUNT = new Account("first", Role.ADMIN);

  private Instant now = Instant.parse("2026-07-01T12:00:00Z");
  private final Sessions sessions = new Sessions(() -> now, new SecureRandom());

  @Test
  void whoLogsInTooOftenEndsTheOldestSessionOfItsOwnAndNobodyElses() {
    String other = sessions.begin(new Account("other", Role.ADMIN));
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i <= Sessions.OF_AN_ACCOUNT_MAX; i++) {
      secrets.add(sessions.begin(ACCOUNT));
    }
    assertThat(sessions.find(secrets.getFirst())).isEmpty();
    assertThat(secrets.subList(1, secrets.size()))
        .allSatisfy(secret -> assertThat(sessions.find(secret)).contains(ACCOUNT));
    assertThat(sessions.find(other)).isPresent();
  }

  @Test
  void allOfAnAccountEndTogether() {
    String other = sessions.begin(new Account("other", Role.ADMIN));
    List<String> secrets = List.of(sessions.begin(ACCOUNT), sessions.begin(ACCOUNT));
    assertThat(sessions.endAll("first")).isEqualTo(2);
    assertThat(secrets).allSatisfy(secret -> assertThat(sessions.find(secret)).isEmpty());
    assertThat(sessions.find(other)).isPresent();
  }

  @Test
  void sessionsThatAreOverMakeRoomFirst() {
    String over = sessions.begin(ACCOUNT);
    now = now.plus(Sessions.LIFETIME).minusSeconds(1);
    String oldest = sessions.begin(ACCOUNT);
    now = now.plusSeconds(2);
    for (int i = 1; i < Sessions.OF_AN_ACCOUNT_MAX; i++) {
      sessions.begin(ACCOUNT);
    }
    assertThat(sessions.find(over)).isEmpty();
    assertThat(sessions.find(oldest)).contains(ACCOUNT);
  }

  @Test
  void aSessionEndsWithItsLifetimeAndWhenAsked() {
    String kept = sessions.begin(ACCOUNT);
    String ended = sessions.begin(ACCOUNT);
    sessions.end(ended);
    assertThat(sessions.find(ended)).isEmpty();
    assertThat(sessions.find(kept)).contains(ACCOUNT);
    now = now.plus(Sessions.LIFETIME);
    assertThat(sessions.find(kept)).isEmpty();
  }
}
