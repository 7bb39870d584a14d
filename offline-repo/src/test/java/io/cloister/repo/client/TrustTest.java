package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.LIFETIME;
import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.content.Progress;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be trusted, and what is refused; a refusal leaves the trust store byte for byte. */
final class TrustTest {
  @TempDir Path folder;
  private SigningRepository vendor;
  private MediumEditor first;
  private Path trust;

  @BeforeEach
  void publish() throws Exception {
    trust = folder.resolve("trust");
    vendor = SigningRepository.create(folder.resolve("vendor"));
    add("1.0.0");
    first = vendor.publish(folder.resolve("first"));
  }

  private void add(String version) throws Exception {
    byte[] bytes = ("graph " + version).getBytes(StandardCharsets.UTF_8);
    vendor.add(model("digits", version), Map.of("model.onnx", bytes));
  }

  private void accept(MediumEditor medium, Instant now) throws RefusedException {
    MediumClient client =
        MediumClient.open(
            Medium.folder(medium.medium()), TrustStore.at(trust, vendor.anchor()), now);
    client.verifyAll(client.refresh(), Progress.SILENT);
    client.persist();
  }

  private <T extends Refusal> T refuses(MediumEditor medium, Instant now, Class<T> type)
      throws IOException {
    Map<String, Sha256> before = contents(trust);
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> accept(medium, now));
    assertThat(refused).isNotNull();
    assertThat(refused.refusal()).isInstanceOf(type);
    assertThat(contents(trust)).isEqualTo(before);
    return type.cast(refused.refusal());
  }

  private static Map<String, Sha256> contents(Path folder) throws IOException {
    Map<String, Sha256> contents = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          contents.put(file.toString(), Sha256.of(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  @Test
  void nothingIsTrustedWithoutAnAnchor() throws Exception {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () ->
                MediumClient.open(Medium.folder(first.medium()), TrustStore.at(trust), NOW)
                    .refresh());
    assertThat(refused.refusal()).isInstanceOf(TrustRefusal.NoTrustedRoot.class);
  }

  @Test
  void theAnchorIsADigestOrAFile() throws Exception {
    Medium medium = Medium.folder(first.medium());
    Anchor file = new Anchor.RootFile(first.file(RoleType.ROOT));
    assertThat(MediumClient.open(medium, TrustStore.inMemory(file), NOW).refresh().packages())
        .hasSize(1);
    Anchor other = Anchor.parse("sha256:" + "0".repeat(64));
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> MediumClient.open(medium, TrustStore.inMemory(other), NOW).refresh());
    assertThat(refused.refusal()).isInstanceOf(TrustRefusal.WrongRootDigest.class);
  }

  @Test
  void aTrustedRootThatCannotBeReadIsNamedAlsoWhereItDoesNotCountAnyMore() throws Exception {
    accept(first, NOW);
    Medium medium = Medium.folder(first.medium());
    for (String typed : List.of("foo", "0".repeat(64), folder.toString())) {
      Anchor anchor = Anchor.parse(typed);
      for (TrustStore store : List.of(TrustStore.inMemory(anchor), TrustStore.at(trust, anchor))) {
        RefusedException refused =
            catchThrowableOfType(
                RefusedException.class, () -> MediumClient.open(medium, store, NOW).refresh());
        String fault = typed.equals(folder.toString()) ? "Is a directory" : "no such file";
        assertThat(refused.refusal()).isEqualTo(new TrustRefusal.RootFileUnreadable(typed, fault));
      }
    }
  }

  @Test
  void unsignedAndWronglySignedRolesAreRefused() throws Exception {
    for (RoleType type : List.of(RoleType.TIMESTAMP, RoleType.SNAPSHOT, RoleType.TARGETS)) {
      first.edit(type, same -> {}, List.of());
      assertThat(refuses(first, NOW, TrustRefusal.BelowThreshold.class).faults())
          .containsExactly("unsigned");
      first.edit(type, same -> {}, List.of(key(99)));
      refuses(first, NOW, TrustRefusal.BelowThreshold.class);
      first.edit(type, same -> {});
      accept(first, NOW);
    }
  }

  @Test
  void oneOfTwoNeededKeysIsNotEnoughEvenWhenItSignsTwice() throws Exception {
    vendor = SigningRepository.create(folder.resolve("two"), 2);
    add("1.0.0");
    MediumEditor medium = vendor.publish(folder.resolve("two-medium"));
    SigningKey one = vendor.keys(RoleType.TIMESTAMP).getFirst();
    medium.edit(RoleType.TIMESTAMP, same -> {}, List.of(one));
    assertThat(refuses(medium, NOW, TrustRefusal.BelowThreshold.class).valid()).isEqualTo(1);
    medium.edit(RoleType.TIMESTAMP, same -> {}, List.of(one, one));
    assertThat(refuses(medium, NOW, TrustRefusal.MalformedMetadata.class).fault())
        .isEqualTo("signatures[1] has the key id of an earlier signature");
    medium.edit(RoleType.TIMESTAMP, same -> {});
    accept(medium, NOW);
  }

  @Test
  void anOlderMediumIsRefusedOnceANewerOneWasAccepted() throws Exception {
    add("1.1.0");
    MediumEditor second = vendor.publish(folder.resolve("second"));
    accept(second, NOW);
    TrustRefusal.Rollback rollback = refuses(first, NOW, TrustRefusal.Rollback.class);
    assertThat(rollback.trusted()).isEqualTo(2);
    assertThat(rollback.offered()).isEqualTo(1);
    accept(second, NOW);
  }

  @Test
  void snapshotAndTargetsDoNotGoBackUnderANewerTimestamp() throws Exception {
    add("1.1.0");
    MediumEditor second = vendor.publish(folder.resolve("second"));
    accept(second, NOW);
    first.edit(RoleType.TIMESTAMP, signed -> signed.put("version", 9));
    assertThat(refuses(first, NOW, TrustRefusal.Rollback.class).role()).isEqualTo("snapshot");
    first.edit(RoleType.SNAPSHOT, signed -> signed.put("version", 9));
    assertThat(refuses(first, NOW, TrustRefusal.Rollback.class).role()).isEqualTo("targets.json");
  }

  @Test
  void metadataOfDifferentReleasesIsNotMixed() throws Exception {
    byte[] targets = Files.readAllBytes(first.file(RoleType.TARGETS));
    first.edit(RoleType.TARGETS, signed -> signed.put("signed_at", "2026-11-21T00:00:00Z"));
    Files.write(first.file(RoleType.TARGETS), targets);
    refuses(first, NOW, TrustRefusal.MixedMetadata.class);
  }

  @Test
  void expiredMetadataIsRefusedFromThatSecondOn() throws Exception {
    Instant end = NOW.plus(LIFETIME);
    TrustRefusal.Expired expired = refuses(first, end, TrustRefusal.Expired.class);
    assertThat(expired.role()).isEqualTo("timestamp");
    assertThat(expired.hostClock()).isTrue();
    assertThat(
            refuses(first, end.plus(LIFETIME.multipliedBy(9)), TrustRefusal.Expired.class).role())
        .isEqualTo("root");
    accept(first, end.minusSeconds(1));
  }

  @Test
  void aClockThatWasSetBackDoesNotReviveExpiredMetadata() throws Exception {
    Instant later = NOW.plus(Duration.ofDays(400));
    vendor.at(later).renew();
    MediumEditor renewed = vendor.publish(folder.resolve("renewed"));
    accept(renewed, later);
    renewed.edit(
        RoleType.TIMESTAMP,
        signed ->
            signed.put("version", 9).put("expires", NOW.plus(Duration.ofDays(399)).toString()));
    assertThat(refuses(renewed, NOW, TrustRefusal.Expired.class).hostClock()).isFalse();
  }

  @Test
  void aSignedTimeInTheFutureIsAcceptedAndTold() throws Exception {
    Medium medium = Medium.folder(first.medium());
    for (int hours : new int[] {-1, 0, 24, 25, 9000}) {
      Instant clock = NOW.minus(Duration.ofHours(hours));
      MediumClient client = MediumClient.open(medium, TrustStore.inMemory(vendor.anchor()), clock);
      assertThat(client.refresh().aheadOfClock())
          .isEqualTo(hours > 24 ? Optional.of(Duration.ofHours(hours)) : Optional.empty());
    }
  }

  @Test
  void aChainOfThreeRootsIsFollowedFromTheFirst() throws Exception {
    accept(first, NOW);
    first.rotate(RoleType.ROOT, key(1)).rotate(RoleType.TIMESTAMP, key(2));
    first.rotate(RoleType.ROOT, key(3));
    accept(first, NOW);
    MediumClient client =
        MediumClient.open(Medium.folder(first.medium()), TrustStore.at(trust), NOW);
    assertThat(client.refresh().rootVersion()).isEqualTo(4);
  }

  @Test
  void aRootThatTheOldKeysDidNotSignIsRefused() throws Exception {
    accept(first, NOW);
    first.rotate(RoleType.ROOT, key(1));
    first.edit(RoleType.ROOT, same -> {}, List.of(key(1)));
    refuses(first, NOW, TrustRefusal.BelowThreshold.class);
    first.edit(RoleType.ROOT, same -> {}, vendor.keys(RoleType.ROOT));
    refuses(first, NOW, TrustRefusal.BelowThreshold.class);
  }

  @Test
  void aRootVersionThatSkipsOneIsRefused() throws Exception {
    first.rotate(RoleType.ROOT, key(1));
    List<SigningKey> both = List.of(vendor.keys(RoleType.ROOT).getFirst(), key(1));
    first.edit(RoleType.ROOT, signed -> signed.put("version", 3), both);
    Files.move(
        first.medium().resolve("metadata/3.root.json"),
        first.medium().resolve("metadata/2.root.json"));
    refuses(first, NOW, TrustRefusal.WrongVersion.class);
  }

  @Test
  void aRotatedTimestampKeyForgetsAVersionThatRanAway() throws Exception {
    first.edit(RoleType.TIMESTAMP, signed -> signed.put("version", 1_000_000));
    accept(first, NOW);
    first.edit(RoleType.TIMESTAMP, signed -> signed.put("version", 2));
    refuses(first, NOW, TrustRefusal.Rollback.class);
    first.rotate(RoleType.TIMESTAMP, key(5));
    accept(first, NOW);
  }

  @Test
  void otherTypesAndSpecificationsAndForeignFieldsAreJudged() throws Exception {
    first.edit(RoleType.TARGETS, signed -> signed.put("x-foreign", "kept"));
    accept(first, NOW);
    first.edit(RoleType.SNAPSHOT, signed -> signed.put("_type", "timestamp"));
    refuses(first, NOW, TrustRefusal.WrongType.class);
    first.edit(RoleType.SNAPSHOT, signed -> signed.put("_type", "snapshot"));
    first.edit(RoleType.TIMESTAMP, signed -> signed.put("spec_version", "2.0.0"));
    refuses(first, NOW, TrustRefusal.UnsupportedSpec.class);
    first.edit(RoleType.TIMESTAMP, signed -> signed.put("spec_version", "1.0.34"));
    first.edit(RoleType.TARGETS, (ObjectNode signed) -> signed.remove("targets"));
    refuses(first, NOW, TrustRefusal.MalformedMetadata.class);
  }

  @Test
  void aTrustStoreWithAChangedByteIsRefused() throws Exception {
    accept(first, NOW);
    for (String name : List.of("root.json", "timestamp.json", "snapshot.json", "state.json")) {
      byte[] good = Files.readAllBytes(trust.resolve(name));
      byte[] bad = good.clone();
      bad[good.length / 2] ^= 1;
      Files.write(trust.resolve(name), bad);
      refuses(first, NOW, TrustRefusal.StoreDamaged.class);
      Files.write(trust.resolve(name), good);
    }
    accept(first, NOW);
  }
}
