package io.cloister.installer.effects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.stage.Stager;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.client.TrustStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is true of a machine at rest, read from the disk itself. */
record Invariants(Laboratory machine) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Where the journal was; nothing tells of them when it is not there yet, or any more. */
  private static final Set<String> ABOVE = Set.of("var", "var/lib", "var/lib/cloister");

  private HostPaths paths() {
    return machine.paths();
  }

  /**
   * What must never go back.
   *
   * @param versions of each file of trusted metadata
   * @param audit the lines of the trail
   */
  record Trust(Map<String, Long> versions, List<String> audit) {}

  Trust trust() throws Exception {
    Map<String, Long> versions = new TreeMap<>();
    for (String role : List.of("root", "timestamp", "snapshot", "targets")) {
      Path file = paths().trust().resolve(role + ".json");
      if (Files.exists(file)) {
        JsonNode signed = JSON.readTree(file.toFile()).path("signed");
        versions.put(role, signed.path("version").asLong());
      }
    }
    TrustStore store = TrustStore.at(paths().trust());
    store.policy();
    return new Trust(versions, store.audit().read().lines());
  }

  /** Versions only grow, and so does the trail. */
  void trustIsNoLowerThan(Trust before) throws Exception {
    Trust now = trust();
    before
        .versions()
        .forEach((role, was) -> assertThat(now.versions().get(role)).isGreaterThanOrEqualTo(was));
    assertThat(now.audit().stream().limit(before.audit().size()))
        .containsExactlyElementsOf(before.audit());
  }

  /** The slot that serves, as slots.json names it; missing where nothing is installed. */
  JsonNode active() throws IOException {
    if (Files.notExists(paths().slots())) {
      return JSON.missingNode();
    }
    JsonNode slots = JSON.readTree(paths().slots().toFile());
    return slots.path("slots").path(slots.path("active").asText("none"));
  }

  /** Whether the release and the model of that slot are these. */
  static boolean isOf(JsonNode slot, Operation.Stage stage) {
    JsonNode deployment = slot.path("deployment");
    return deployment.at("/release/version").asText().equals(stage.release())
        && deployment.at("/models/0/version").asText().equals(stage.model());
  }

  /** The machine is wholly what that stage is. */
  void reached(Operation.Stage stage) throws Exception {
    if (stage.serves()) {
      assertThat(isOf(active(), stage)).as("it serves what it should").isTrue();
      rest();
      return;
    }
    assertThat(machine.processes()).isEmpty();
    Map<String, String> found = tree(paths().root());
    if (found.keySet().stream().filter(name -> name.startsWith("var")).allMatch(ABOVE::contains)) {
      found.keySet().removeAll(ABOVE);
    }
    assertThat(found).isEqualTo(tree(machine.copyOf(stage)));
  }

  /** Kept data is the same, whether or not a release has taken it over already. */
  private Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = Tree.of(root);
    String kept = paths().root().relativize(paths().keptDatabase()).toString();
    String data = tree.remove(kept + "/data");
    if (data != null) {
      tree.put(kept + "/handed-over.sql", data);
    }
    return tree;
  }

  /** What slots.json names serves soon, and nothing else runs. */
  void serves() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Seen seen = machine.types("status", "--json");
    while (!seen.out().contains("\"ready\":true") && System.nanoTime() < deadline) {
      Thread.sleep(20);
      seen = machine.types("status", "--json");
    }
    assertThat(seen.exit()).as(seen.err()).isZero();
    JsonNode service =
        JSON.readTree(seen.out().lines().findFirst().orElseThrow()).at("/result/service");
    assertThat(service.path("ready").asBoolean()).isTrue();
    assertThat(service.path("generation")).isEqualTo(active().at("/deployment/generation"));
    assertThat(machine.processes()).hasSize(1);
  }

  /** One slot is active, proven, and what everything else says, and nothing else is there. */
  void rest() throws Exception {
    serves();
    JsonNode active = active();
    assertThat(active.path("state").asText()).isIn("good", "probation");
    JsonNode deployment = active.path("deployment");
    String release = deployment.at("/release/version").asText();
    assertThat(Files.readSymbolicLink(paths().current())).isEqualTo(Path.of("releases", release));
    assertThat(JSON.readTree(paths().deployment(release).toFile())).isEqualTo(deployment);
    var slots = new SlotFiles(paths()).read();
    assertThat(JSON.readTree(paths().slots().toFile()).path("slots").findValuesAsText("state"))
        .doesNotContain("staged");
    List<Path> releases = new ArrayList<>();
    List<Path> models = new ArrayList<>();
    for (Deployment kept : slots.deploymentsToKeep()) {
      Stager.verify(paths(), kept.release());
      releases.add(Stager.folder(paths(), kept.release().id()));
      for (InstalledPackage model : kept.models()) {
        Stager.verify(paths(), model);
        models.add(Stager.folder(paths(), model.id()));
      }
    }
    assertThat(list(paths().releases())).containsExactlyInAnyOrderElementsOf(distinct(releases));
    assertThat(list(paths().models().resolve("digits")))
        .containsExactlyInAnyOrderElementsOf(distinct(models));
    nothingUnfinished();
  }

  private static List<Path> distinct(List<Path> paths) {
    return paths.stream().distinct().toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  private void nothingUnfinished() throws IOException {
    assertThat(paths().stagedModels()).doesNotExist();
    assertThat(paths().stagedReleases()).doesNotExist();
    assertThat(paths().journal()).isEmptyDirectory();
    assertThat(Tree.of(paths().root()).keySet())
        .noneMatch(name -> name.endsWith(".new"))
        .noneMatch(name -> name.contains("output-"));
  }
}
