package io.cloister.repo.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.repo.RefusedException;
import io.cloister.repo.client.DelegationSearch.Found;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.trust.CheckTime;
import io.cloister.repo.trust.TrustedMetadata;
import io.cloister.repo.trust.TrustedTargets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our client reads what python-tuf wrote; the folder's README tells what is in it. */
final class PythonTufRepositoryTest {
  private static final CheckTime NOW =
      CheckTime.of(Instant.parse("2026-11-22T00:00:00Z"), Optional.empty());

  private static Path folder(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(PythonTufRepositoryTest.class.getResource("/python-tuf/" + name))
            .toURI());
  }

  private static Optional<byte[]> find(Path folder, String file) {
    try {
      Path path = folder.resolve(file);
      return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClientWorkflow refreshed(Path folder) throws RefusedException {
    byte[] root = find(folder, "metadata/1.root.json").orElseThrow();
    ClientWorkflow workflow =
        new ClientWorkflow(
            (file, bytesMax) -> find(folder, file),
            TrustedMetadata.startFrom(root, "1.root.json"),
            NOW);
    workflow.refresh();
    return workflow;
  }

  @ParameterizedTest
  @ValueSource(strings = {"consistent", "plain"})
  void everyRoleIsTrustedAndEveryTargetIsItsRoles(String name) throws Exception {
    Path folder = folder(name);
    ClientWorkflow workflow = refreshed(folder);
    assertThat(workflow.trusted().root().version()).isEqualTo(3);
    DelegationSearch search = new DelegationSearch(workflow);
    Map<String, String> roles =
        Map.of(
            "README.txt", "targets",
            "advisories/2026-001.json", "advisories",
            "models/text/a.onnx", "late",
            "models/text/b.onnx", "models",
            "models/vision/c.onnx", "vision",
            "file-0.bin", "bin-");
    for (Map.Entry<String, String> each : roles.entrySet()) {
      Found found = search.find(each.getKey()).orElseThrow();
      assertThat(found.role().name()).startsWith(each.getValue());
      byte[] content = content(folder, each.getKey(), found.target(), name.equals("consistent"));
      assertThat(new String(content, StandardCharsets.UTF_8))
          .isEqualTo(each.getKey() + " by " + found.role().name() + "\n");
      assertThat(found.target().hashes().findMismatch(content)).isEmpty();
      assertThat(found.target().length()).isEqualTo(content.length);
    }
  }

  private static byte[] content(Path folder, String path, TargetFile target, boolean consistent) {
    int name = path.lastIndexOf('/') + 1;
    String prefix = consistent ? target.hashes().prefix() + "." : "";
    return find(folder, "targets/" + path.substring(0, name) + prefix + path.substring(name))
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "models/text/stolen.onnx",
    "models/text/d.onnx",
    "advisories/2026-002.json",
    "README",
    "x/y"
  })
  void aPathThatNobodyDelegatedToTheRoleThatNamesItIsNoTarget(String path) throws Exception {
    assertThat(new DelegationSearch(refreshed(folder("consistent"))).find(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"consistent", "plain"})
  void everyRoleIsReadOnceInSpiteOfACycle(String name) throws Exception {
    List<String> names =
        new DelegationSearch(refreshed(folder(name)))
            .readAll().stream().map(TrustedTargets::name).toList();
    assertThat(names)
        .containsExactlyInAnyOrder(
            "targets",
            "advisories",
            "late",
            "models",
            "models",
            "vision",
            "bin-0",
            "bin-1",
            "bin-2",
            "bin-3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.models.json", "1.snapshot.json", "1.targets.json", "timestamp.json"})
  void aChangedByteInAnyOfItsFilesIsRefused(String name) throws Exception {
    Path folder = folder("consistent");
    byte[] root = find(folder, "metadata/1.root.json").orElseThrow();
    MetadataFiles files =
        (file, bytesMax) ->
            find(folder, file)
                .map(bytes -> file.equals("metadata/" + name) ? changed(bytes) : bytes);
    ClientWorkflow workflow =
        new ClientWorkflow(files, TrustedMetadata.startFrom(root, "1.root.json"), NOW);
    assertThatThrownBy(
            () -> {
              workflow.refresh();
              new DelegationSearch(workflow).readAll();
            })
        .isInstanceOf(RefusedException.class);
  }

  private static byte[] changed(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.replace("2100-01-01", "2100-01-02").getBytes(StandardCharsets.UTF_8);
  }
}
