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
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed time that ran away, by a thief of the timestamp key or by the vendor's own clock. */
final class RotatedClockTest {
  @TempDir Path folder;

  private static void accept(MediumEditor medium, TrustStore store) throws RefusedException {
    MediumClient client = MediumClient.open(Medium.folder(medium.medium()), store, NOW);
    client.refresh();
    client.persist();
  }

  @Test
  void goesWithTheKeyThatSignedIt() throws Exception {
    SigningRepository vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", new byte[10]));
    MediumEditor medium = vendor.publish(folder.resolve("medium"));
    TrustStore store = TrustStore.at(folder.resolve("trust"), vendor.anchor());
    medium.edit(
        RoleType.TIMESTAMP,
        signed ->
            signed.put("signed_at", "9999-01-01T00:00:00Z").put("expires", "9999-12-31T00:00:00Z"));
    accept(medium, store);
    medium.edit(
        RoleType.TIMESTAMP,
        signed ->
            signed
                .put("version", 2)
                .put("signed_at", NOW.toString())
                .put("expires", "2027-01-01T00:00:00Z"));
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> accept(medium, store));
    assertThat(refused.refusal()).isInstanceOf(TrustRefusal.Expired.class);
    medium.rotate(RoleType.TIMESTAMP, key(5));
    accept(medium, store);
    accept(medium, store);
    assertThat(store.load().orElseThrow().newestSignedAt()).isEqualTo(NOW);
  }
}
