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
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        RefusedException refused =
            catchThrowableOfType(RefusedException.class, () -> accept(old, TrustStore.at(trust)));
        assertThat(refused.refusal())
            .isInstanceOfAny(TrustRefusal.Rollback.class, TrustRefusal.BelowThreshold.class);
        assertThat(persists(newest.medium(), TrustStore.at(trust))).isTrue();
      }
    }
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
