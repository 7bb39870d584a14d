package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.content.Progress;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media whose packages a delegated role signs, and trust kept over changes of who may sign. */
final class DelegatedMediumTest {
  @TempDir Path folder;
  private SigningRepository vendor;
  private MediumEditor first;

  @BeforeEach
  void publish() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    byte[] graph = "graph".getBytes(StandardCharsets.UTF_8);
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", graph));
    first = vendor.publish(folder.resolve("first"));
  }

  private MediumClient client() throws RefusedException {
    TrustStore trust = TrustStore.at(folder.resolve("trust"), vendor.anchor());
    return MediumClient.open(Medium.folder(first.medium()), trust, NOW);
  }

  private void accept() throws RefusedException {
    MediumClient client = client();
    client.verifyAll(client.refresh(), Progress.SILENT);
    client.persist();
  }

  @Test
  void aPackageOfADelegatedRoleIsFoundAndItsSignerTold() throws Exception {
    first.delegate("models", "model-*", key(7));
    accept();
    Catalog catalog = client().refresh();
    VerifiedPackage found = catalog.find(model("digits", "1.0.0")).orElseThrow();
    assertThat(found.provenance().keyIds()).containsExactly(key(7).key().id());
    first.edit(
        RoleType.SNAPSHOT, signed -> ((ObjectNode) signed.get("meta")).remove("models.json"));
    RefusedException refused = catchThrowableOfType(RefusedException.class, this::accept);
    assertThat(((TrustRefusal.Rollback) refused.refusal()).role()).isEqualTo("models.json");
  }

  @Test
  void aPackageThatADelegatedRoleMayNotNameIsNotOnTheMedium() throws Exception {
    first.delegate("models", "runtime-*", key(7));
    Medium medium = Medium.folder(first.medium());
    assertThat(MediumClient.open(medium, vendor.trustInMemory(), NOW).refresh().packages())
        .isEmpty();
  }

  @Test
  void aRoleWhoseNameIsNoFileNameIsFoundUnderItsEncodedOne() throws Exception {
    first.delegate("models/ü/*", "model-*", key(7));
    assertThat(first.medium().resolve("metadata/1.models%2F%C3%BC%2F%2A.json")).exists();
    accept();
    assertThat(client().refresh().packages()).hasSize(1);
  }

  @Test
  void aRaisedThresholdLeavesATrustStoreThatCanBeRead() throws Exception {
    accept();
    SigningKey one = vendor.keys(RoleType.TIMESTAMP).getFirst();
    first.rekey(RoleType.TIMESTAMP, List.of(one, key(8)));
    accept();
    accept();
  }
}
