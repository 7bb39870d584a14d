package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.testing.MemoryRepository;
import io.cloister.repo.trust.SignaturePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who vouches for a target, and when the search is refused. */
final class DelegationSearchTest {
  private final SigningKey vendor = key(1);
  private final SigningKey team = key(2);
  private final MemoryRepository repository = new MemoryRepository(vendor).root(vendor);

  private DelegationSearch search() throws RefusedException {
    return new DelegationSearch(repository.publish().refreshed(SignaturePolicy.THRESHOLD));
  }

  private static <T extends Refusal> T refuses(
      DelegationSearch search, String path, Class<T> type) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> search.find(path));
    assertThat(refused).isNotNull();
    assertThat(refused.refusal()).isInstanceOf(type);
    return type.cast(refused.refusal());
  }

  @Test
  void theFirstDelegationThatMatchesIsTrustedOverLaterOnes() throws Exception {
    repository
        .delegate("targets", "a", "x-*", team, false)
        .delegate("targets", "b", "x-*", team, false)
        .target("a", "x-1")
        .target("b", "x-1")
        .target("b", "x-2");
    assertThat(search().find("x-1").orElseThrow().role().name()).isEqualTo("a");
    assertThat(search().find("x-2").orElseThrow().role().name()).isEqualTo("b");
  }

  @Test
  void patternsThatWouldTakeHoursToCompareAreRefused() throws Exception {
    String pattern = "*" + "a".repeat(24_000) + "b";
    String path = "a".repeat(49_000);
    repository.delegate("targets", "a", pattern, team, false).target("a", path);
    assertThat(refuses(search(), path, TrustRefusal.TooManyDelegations.class).allowed())
        .contains("steps");
  }

  @Test
  void aTerminatingDelegationHidesWhatComesAfterIt() throws Exception {
    repository
        .delegate("targets", "a", "x-*", team, true)
        .delegate("targets", "b", "*", team, false)
        .target("b", "x-1")
        .target("b", "y-1");
    assertThat(search().find("x-1")).isEmpty();
    assertThat(search().find("y-1")).isPresent();
  }

  @Test
  void whatOneDelegatorProvesHoldsForNoOther() throws Exception {
    repository
        .delegate("targets", "a", "a-*", team, false)
        .delegate("targets", "b", "b-*", team, false)
        .delegate("a", "shared", "a-*", key(3), false)
        .delegate("b", "shared", "b-*", key(4), false)
        .target("shared", "a-1")
        .target("shared", "b-1");
    DelegationSearch search = search();
    assertThat(search.find("a-1")).isPresent();
    assertThat(refuses(search, "b-1", TrustRefusal.BelowThreshold.class).signer())
        .isEqualTo("b version 1");
  }

  @Test
  void aDelegatedRoleMustBeThereSignedAndCurrent() throws Exception {
    repository.delegate("targets", "a", "*", team, false);
    DelegationSearch absent = search();
    repository.remove("metadata/1.a.json");
    refuses(absent, "x", MediaRefusal.MissingFile.class);
    repository.signers("a", key(9));
    refuses(search(), "x", TrustRefusal.BelowThreshold.class);
    repository.signers("a", team).expire("a", NOW);
    assertThat(refuses(search(), "x", TrustRefusal.Expired.class).file())
        .isEqualTo("metadata/1.a.json");
  }

  @Test
  void aCycleEnds() throws Exception {
    repository
        .delegate("targets", "a", "*", team, false)
        .delegate("a", "b", "*", team, false)
        .delegate("b", "a", "*", team, false);
    DelegationSearch search = search();
    assertThat(search.find("x")).isEmpty();
    assertThat(search.readAll()).hasSize(4);
  }

  @Test
  void moreDelegationsThanOneRunFollowsAreRefused() throws Exception {
    for (int i = 0; i <= 1024; i++) {
      repository.delegate("targets", "role-" + i, "*", team, false);
    }
    assertThat(refuses(search(), "x", TrustRefusal.TooManyDelegations.class).role())
        .isEqualTo("role-1024");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "..",
        "/absolute",
        "a\\b",
        "a:b",
        "a%2Fb",
        "a\u0000\nb",
        "ä 🔒",
        "?"
      })
  void noRoleNameLeadsOutOfItsFolder(String name) throws Exception {
    repository.delegate("targets", name, "*", team, false).target(name, "x");
    assertThat(search().find("x").orElseThrow().role().name()).isEqualTo(name);
  }
}
