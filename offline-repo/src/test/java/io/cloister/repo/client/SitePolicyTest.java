package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.LIFETIME;
import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.client.Catalog.StaleRole;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.testing.SigningRepository;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.SitePolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site decides by itself: how stale, how signed; and the trail of it. */
final class SitePolicyTest {
  private static final Instant EXPIRED = NOW.plus(LIFETIME);

  @TempDir private Path folder;
  private SigningRepository vendor;
  private Path medium;
  private TrustStore store;
  private Path trust;

  @BeforeEach
  void publish() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    medium =
        vendor
            .add(
                model("digits", "1.0.0"),
                Map.of("model.onnx", "graph".getBytes(StandardCharsets.UTF_8)))
            .publish(folder.resolve("medium"))
            .medium();
    trust = folder.resolve("trust");
    store = TrustStore.at(trust, vendor.anchor());
  }

  private static SitePolicy days(int staleness) {
    return new SitePolicy(SignaturePolicy.THRESHOLD, Duration.ofDays(staleness));
  }

  private MediumClient client(Instant now) throws RefusedException {
    return MediumClient.open(Medium.folder(medium), store, now);
  }

  private TrustRefusal.Expired expired(Instant now) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> client(now).refresh());
    assertThat(refused).isNotNull();
    assertThat(refused.refusal()).isInstanceOf(TrustRefusal.Expired.class);
    return (TrustRefusal.Expired) refused.refusal();
  }

  @Test
  void expiredMetadataIsTakenWithinTheBudgetOnlyAndItIsSaid() throws Exception {
    assertThat(expired(EXPIRED).staleness()).isZero();
    store.setPolicy(days(30), NOW);
    Catalog catalog = client(EXPIRED.plus(Duration.ofDays(29))).refresh();
    assertThat(catalog.stale())
        .contains(new StaleRole("timestamp", EXPIRED), new StaleRole("targets", EXPIRED))
        .noneMatch(each -> each.role().equals("root"));
    assertThat(expired(EXPIRED.plus(Duration.ofDays(30))).staleness())
        .isEqualTo(Duration.ofDays(30));
    assertThat(client(NOW).refresh().stale()).isEmpty();
  }

  @Test
  void thePolicyAndEveryAcceptedMediumAreInTheTrail() throws Exception {
    store.setPolicy(days(30), NOW);
    MediumClient late = client(EXPIRED.plus(Duration.ofDays(2)));
    late.refresh();
    late.persist();
    TrustAudit.Trail trail = store.audit().read();
    assertThat(trail.lines()).hasSize(2);
    assertThat(trail.lines().get(0)).contains("\"policy\"", "staleness_days\\\":30", "0000");
    assertThat(trail.lines().get(1))
        .contains("\"medium_accepted\"", "\"expired\":[{\"role\":\"timestamp\"")
        .contains("\"timestamp_version\":1");
  }

  @Test
  void aTrailThatWasChangedOrCutInTheMiddleShows() throws Exception {
    store.setPolicy(days(30), NOW);
    store.setPolicy(days(0), NOW);
    store.setPolicy(days(7), NOW);
    Path file = trust.resolve("audit.jsonl");
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("\\\"staleness_days\\\":30", "\\\"staleness_days\\\":3"));
    assertThatThrownBy(() -> store.audit().read())
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("line 2");
    Files.writeString(file, whole.substring(0, whole.indexOf('\n') + 1) + lastLine(whole));
    assertThatThrownBy(() -> store.audit().read()).hasMessageContaining("line 2");
  }

  private static String lastLine(String text) {
    return text.lines().reduce((first, second) -> second).orElseThrow() + "\n";
  }

  @Test
  void aLineThatWasTornByAPowerCutIsNotPartOfTheTrailAndTheNextTakesItsPlace() throws Exception {
    store.setPolicy(days(30), NOW);
    Files.writeString(trust.resolve("audit.jsonl"), "{\"time\":\"2026", StandardOpenOption.APPEND);
    assertThat(store.audit().read().lines()).hasSize(1);
    store.setPolicy(days(0), NOW);
    assertThat(store.audit().read().lines()).hasSize(2);
  }

  @Test
  void aPolicyFileThatIsNotUnderstoodRefusesEverything() throws Exception {
    store.setPolicy(days(30), NOW);
    for (String bad :
        new String[] {
          "",
          "{}",
          "{\"format\":1,\"post_quantum_required\":false,\"staleness_days\":4000}",
          "{\"format\":1,\"post_quantum_required\":false,\"staleness_days\":0,\"more\":1}"
        }) {
      Files.writeString(trust.resolve("policy.json"), bad);
      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> client(NOW).refresh());
      assertThat(refused.refusal()).isInstanceOf(TrustRefusal.StoreDamaged.class);
    }
  }

  @Test
  void postQuantumRequiredHoldsForEveryMedium() throws Exception {
    store.setPolicy(new SitePolicy(SignaturePolicy.POST_QUANTUM_REQUIRED, Duration.ZERO), NOW);
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> client(NOW).refresh());
    assertThat(refused.refusal()).isInstanceOf(TrustRefusal.NotPostQuantum.class);
  }

  @Test
  void aClockOf1970AcceptsAndToldAheadAndOneOf2099IsRefusedWithBothTimes() throws Exception {
    assertThat(client(Instant.EPOCH).refresh().aheadOfClock()).isPresent();
    Instant wild = Instant.parse("2099-01-01T00:00:00Z");
    TrustRefusal.Expired refused = expired(wild);
    assertThat(refused.now()).isEqualTo(wild);
    assertThat(refused.signedAt()).contains(NOW);
    MediumClient right = client(NOW);
    right.refresh();
    right.persist();
    assertThat(client(NOW).refresh().stale()).isEmpty();
  }
}
