package io.cloister.repo.client;

import static io.cloister.repo.trust.SignaturePolicy.POST_QUANTUM_REQUIRED;
import static io.cloister.repo.trust.SignaturePolicy.THRESHOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.BelowThreshold;
import io.cloister.repo.TrustRefusal.NotPostQuantum;
import io.cloister.repo.keys.KeyKind;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.MemoryRepository;
import io.cloister.repo.trust.SignaturePolicy;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Roles with one classical and one post-quantum key, and the policy that asks for the latter. */
final class HybridTest {
  private final SigningKey classical = SigningKey.generate(KeyKind.ED25519, new SecureRandom());
  private final SigningKey quantum = SigningKey.generate(KeyKind.ML_DSA_87, new SecureRandom());

  private static <T extends Refusal> T refuses(
      MemoryRepository repository, SignaturePolicy policy, Class<T> type) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> repository.refreshed(policy));
    assertThat(refused).isNotNull();
    assertThat(refused.refusal()).isInstanceOf(type);
    return type.cast(refused.refusal());
  }

  @Test
  void bothKeysOfAHybridRoleMustSign() throws Exception {
    MemoryRepository both =
        new MemoryRepository(classical, quantum).root(classical, quantum).publish();
    for (SignaturePolicy policy : SignaturePolicy.values()) {
      assertThat(both.refreshed(policy).trusted().targets().orElseThrow().keyIds()).hasSize(2);
    }
    for (RoleType type : List.of(RoleType.TIMESTAMP, RoleType.SNAPSHOT, RoleType.TARGETS)) {
      for (SigningKey one : List.of(classical, quantum)) {
        both.signers(type.toString(), one).publish();
        BelowThreshold it = refuses(both, THRESHOLD, BelowThreshold.class);
        assertThat(List.of(it.role(), it.valid(), it.required()))
            .isEqualTo(List.of(type.toString(), 1, 2));
      }
      both.signers(type.toString(), classical, quantum).publish();
    }
  }

  @Test
  void theThresholdAloneIsNotEnoughWhereThePolicyAsksForMore() throws Exception {
    MemoryRepository repository =
        new MemoryRepository(classical, quantum)
            .keys(RoleType.TIMESTAMP, 1, classical, quantum)
            .signers("timestamp", classical)
            .root(classical, quantum)
            .publish();
    repository.refreshed(THRESHOLD);
    NotPostQuantum it = refuses(repository, POST_QUANTUM_REQUIRED, NotPostQuantum.class);
    assertThat(it.role()).isEqualTo("timestamp");
    assertThat(it.kinds()).containsExactly("ed25519");
    repository.signers("timestamp", quantum).publish().refreshed(POST_QUANTUM_REQUIRED);
  }

  @Test
  void aClassicalRootIsRefusedByThePolicyFirstOrNext() throws Exception {
    MemoryRepository plain = new MemoryRepository(classical).root(classical).publish();
    plain.refreshed(THRESHOLD);
    assertThat(refuses(plain, POST_QUANTUM_REQUIRED, NotPostQuantum.class).role())
        .isEqualTo("root");

    MemoryRepository weakened =
        new MemoryRepository(classical, quantum)
            .root(classical, quantum)
            .keys(RoleType.ROOT, 1, classical)
            .root(classical, quantum)
            .publish();
    weakened.refreshed(THRESHOLD);
    NotPostQuantum it = refuses(weakened, POST_QUANTUM_REQUIRED, NotPostQuantum.class);
    assertThat(it.file()).isEqualTo("metadata/2.root.json");
  }

  @Test
  void whoForgesTheClassicalKeyCannotBringInAPostQuantumOne() throws Exception {
    SigningKey thief = SigningKey.generate(KeyKind.ML_DSA_87, new SecureRandom());
    MemoryRepository forged =
        new MemoryRepository(classical, quantum)
            .keys(RoleType.ROOT, 1, classical, quantum)
            .root(classical, quantum)
            .keys(RoleType.ROOT, 1, thief)
            .root(classical, thief)
            .publish();
    forged.refreshed(THRESHOLD);
    assertThat(refuses(forged, POST_QUANTUM_REQUIRED, NotPostQuantum.class).signer())
        .isEqualTo("root version 1");
  }

  @Test
  void aDelegatedRoleIsHeldToThePolicyToo() throws Exception {
    MemoryRepository repository =
        new MemoryRepository(classical, quantum)
            .root(classical, quantum)
            .delegate("targets", "models", "model-*", classical, false)
            .target("models", "model-a")
            .publish();
    assertThat(new DelegationSearch(repository.refreshed(THRESHOLD)).find("model-a")).isPresent();
    DelegationSearch strict = new DelegationSearch(repository.refreshed(POST_QUANTUM_REQUIRED));
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> strict.find("model-a"));
    assertThat(refused.refusal()).isInstanceOf(NotPostQuantum.class);
  }

  @Test
  void aKeyOfAnUnknownKindDoesNotBreakADocumentAndNeverCounts() throws Exception {
    Key stranger = new Key("xmss", "xmss-sha2", "", Map.of());
    MemoryRepository repository =
        new MemoryRepository(classical)
            .stranger(RoleType.TIMESTAMP, "stranger", stranger)
            .root(classical)
            .publish();
    repository.refreshed(THRESHOLD);
  }
}
