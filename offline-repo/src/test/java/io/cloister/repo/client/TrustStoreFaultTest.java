package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.Fault;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.PowerCut;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that fails at any moment leaves trust that is no weaker than before. */
final class TrustStoreFaultTest {
  @TempDir Path folder;

  @Test
  void aFaultAtEveryOperationLeavesTrustThatStillRefusesTheOldMedium() throws Exception {
    SigningRepository vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", new byte[10]));
    Path old = vendor.publish(folder.resolve("1")).medium();
    Path second = vendor.renew().publish(folder.resolve("2")).medium();
    MediumEditor newest = vendor.renew().publish(folder.resolve("3"));
    newest.rotate(RoleType.ROOT, key(7));
    // Between the moves of root and timestamp the kept timestamp has one signature of two.
    newest.rekey(RoleType.TIMESTAMP, List.of(vendor.keys(RoleType.TIMESTAMP).getFirst(), key(8)));
    boolean failed = true;
    for (int n = 1; failed; n++) {
      Path trust = folder.resolve("trust" + n);
      accept(second, TrustStore.at(trust, vendor.anchor()));
      FaultyFileSystem disk = new FaultyFileSystem(n, "No space left on device");
      failed = !persists(newest.medium(), TrustStore.at(disk.path(trust)));
      if (failed) {
        assertThat(temporaryFiles(trust)).isEmpty();
        refuses(old, trust);
        assertThat(persists(newest.medium(), TrustStore.at(trust))).isTrue();
      }
    }
  }

  /** A thief of that key may have signed a version far ahead: what it signed is forgotten. */
  @ParameterizedTest
  @CsvSource({"TIMESTAMP, LOST", "SNAPSHOT, ERROR"})
  void neitherDoesOneWhileARotatedKeysCountersAreForgotten(RoleType rotated, Fault fault)
      throws Exception {
    SigningRepository vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", new byte[10]));
    Path old = vendor.publish(folder.resolve("1")).medium();
    MediumEditor second = vendor.renew().publish(folder.resolve("2"));
    second.edit(RoleType.TIMESTAMP, it -> it.put("signed_at", NOW.plusSeconds(60).toString()));
    Path before = folder.resolve("before");
    accept(second.medium(), TrustStore.at(before, vendor.anchor()));
    Path newest = vendor.renew().publish(folder.resolve("3")).rotate(rotated, key(7)).medium();
    boolean failed = true;
    for (int n = 1; failed; n++) {
      Path trust = copy(before, folder.resolve("trust" + n));
      failed = !persists(newest, trust, fault, n);
      refuses(old, trust);
      persists(newest, trust, fault, 1 + 7 * n % 31);
      refuses(old, trust);
      assertThat(persists(newest, TrustStore.at(trust))).isTrue();
      assertThat(TrustStore.at(trust).load().orElseThrow().newestSignedAt()).isEqualTo(NOW);
      assertThat(TrustState.read(trust).forgetsFrom()).isEmpty();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
    return to;
  }

  private boolean persists(Path medium, Path trust, Fault fault, int at) throws Exception {
    Path shadow = Files.createTempDirectory(folder, "shadow");
    FaultyFileSystem disk = FaultyFileSystem.with(fault, at, shadow);
    try {
      return persists(medium, TrustStore.at(disk.path(trust)));
    } catch (PowerCut cut) {
      disk.losePower(new Random(at));
      return false;
    }
  }

  private static void refuses(Path old, Path trust) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> accept(old, TrustStore.at(trust)));
    assertThat(refused).as("the old medium is accepted").isNotNull();
    assertThat(refused.refusal())
        .isInstanceOfAny(TrustRefusal.Rollback.class, TrustRefusal.BelowThreshold.class);
  }

  private static void accept(Path medium, TrustStore store) throws RefusedException {
    MediumClient client = MediumClient.open(Medium.folder(medium), store, NOW);
    client.refresh();
    client.persist();
  }

  private static boolean persists(Path medium, TrustStore store) throws RefusedException {
    MediumClient client = MediumClient.open(Medium.folder(medium), store, NOW);
    client.refresh();
    try {
      client.persist();
      return true;
    } catch (RefusedException e) {
      assertThat(e.refusal()).isInstanceOf(TrustRefusal.StoreNotWritten.class);
      return false;
    }
  }

  private static List<Path> temporaryFiles(Path trust) throws IOException {
    try (Stream<Path> files = Files.list(trust)) {
      return files.filter(file -> file.toString().endsWith(".new")).toList();
    }
  }
}
