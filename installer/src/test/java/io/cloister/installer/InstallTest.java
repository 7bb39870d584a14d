package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator with a medium, from a bare machine to a bare machine. */
final class InstallTest {
  @TempDir Path scratch;
  private Path root;
  private Operator operator;
  private TestMedium medium;

  @BeforeEach
  void aMediumWithAReleaseAndAModel() throws Exception {
    root = scratch.resolve("host");
    operator = Operator.at(root);
    medium =
        new TestMedium(scratch.resolve("medium"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("release"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m1"), "first"));
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private Seen install(String... more) throws Exception {
    return operator.installs(medium.folder(), medium.anchor(), more);
  }

  private JsonNode status() throws Exception {
    Seen seen = operator.types("status", "--json");
    return new JsonMapper().readTree(seen.out().lines().findFirst().orElseThrow()).path("result");
  }

  private String modelVersion() throws Exception {
    JsonNode service = status().path("service");
    return service.path("models").path(0).path("version").asText();
  }

  @Test
  void installingServesTheModelAndPrintsTheTokenOnce() throws Exception {
    Path token = scratch.resolve("token");
    Seen seen = install("--token-file", token.toString());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).containsOnlyOnce("clst_first").contains("AA:BB", "https://127.0.0.1:");
    assertThat(token).hasContent("clst_first\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    Seen status = operator.types("status");
    assertThat(status.exit()).isZero();
    assertThat(status.out()).contains("digits", "1.0.0", "ready", "slot a  active, good");
    assertThat(modelVersion()).isEqualTo("1.0.0");
  }

  @Test
  void installedFilesAreReadOnlyAndNothingIsLeftInStaging() throws Exception {
    assertThat(install().err()).isEmpty();
    var paths = new HostPaths(root);
    assertThat(Files.readSymbolicLink(paths.current())).isEqualTo(Path.of("releases/0.1.0"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(paths.current())))
        .isEqualTo("r-xr-xr-x");
    assertThat(paths.release("0.1.0").resolve("aot/x.aot")).exists();
    assertThat(paths.stagedModels()).doesNotExist();
    assertThat(paths.stagedReleases()).doesNotExist();
    assertThat(paths.journal()).isEmptyDirectory();
  }

  @Test
  void stoppedItSaysWhatIsInstalledAndExits8() throws Exception {
    assertThat(install().err()).isEmpty();
    assertThat(operator.types("stop").out()).contains("finished what it was answering");
    Seen seen = operator.types("status");
    assertThat(seen.exit()).isEqualTo(8);
    assertThat(seen.out()).contains("0.1.0", "digits", "stopped");
    assertThat(seen.err()).contains("[SERVICE-DOWN]", "cloister --root " + root + " start");
    assertThat(operator.types("start").exit()).isZero();
    assertThat(operator.types("start").out()).contains("runs already");
    assertThat(modelVersion()).isEqualTo("1.0.0");
  }

  @Test
  void installingTwiceRefusesAndPointsToUpdate() throws Exception {
    assertThat(install().err()).isEmpty();
    Seen seen = install();
    assertThat(seen.exit()).isEqualTo(2);
    assertThat(seen.err())
        .contains("[SLOT-INSTALLED]", "release 0.1.0 keeps serving", "update MEDIA");
  }

  @Test
  void aNewerModelServesAfterAnUpdateAndTheOldOneAfterARollback() throws Exception {
    assertThat(install().err()).isEmpty();
    medium.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"));
    Seen update = operator.types("update", medium.folder().toString());
    assertThat(update.err()).isEmpty();
    assertThat(update.exit()).isZero();
    assertThat(update.out())
        .contains("in the other slot: release 0.1.0, digits 1.0.0; to change to that: cloister");
    assertThat(modelVersion()).isEqualTo("1.1.0");
    assertThat(status().path("active").asText()).isEqualTo("b");
    Seen back = operator.types("rollback");
    assertThat(back.exit()).isZero();
    assertThat(modelVersion()).isEqualTo("1.0.0");
    assertThat(status().path("service").path("generation").asLong()).isEqualTo(3);
    assertThat(operator.types("rollback").exit()).isZero();
    assertThat(modelVersion()).isEqualTo("1.1.0");
  }

  @Test
  void aMediumWithNothingNewerChangesNothingButWhatIsTrusted() throws Exception {
    assertThat(install().err()).isEmpty();
    Map<String, String> before = installedTree();
    Path old = medium.folder();
    Path renewed = medium.renew().folder();
    assertThat(operator.types("update", renewed.toString(), "--dry-run").exit()).isZero();
    assertThat(installedTree()).isEqualTo(before);
    Seen seen = operator.types("update", renewed.toString());
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).contains("nothing on this medium is newer");
    Map<String, String> after = installedTree();
    before.keySet().removeIf(path -> path.contains("/trust/"));
    after.keySet().removeIf(path -> path.contains("/trust/"));
    assertThat(after).isEqualTo(before);
    assertThat(operator.types("update", old.toString()).err()).contains("[TRUST-ROLLBACK]");
  }

  @Test
  void aNewReleaseServesAfterAnUpdate() throws Exception {
    assertThat(install().err()).isEmpty();
    medium.add(Kind.RUNTIME, "linux-x64", "0.2.0", FakeRelease.write(content("r2"), "0.2.0"));
    Seen seen = operator.types("update", medium.folder().toString());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(Files.readSymbolicLink(new HostPaths(root).current()))
        .isEqualTo(Path.of("releases/0.2.0"));
    assertThat(operator.types("rollback").exit()).isZero();
    assertThat(Files.readSymbolicLink(new HostPaths(root).current()))
        .isEqualTo(Path.of("releases/0.1.0"));
  }

  @Test
  void aFirstInstallThatDoesNotHoldLeavesTheMachineBare() throws Exception {
    medium.add(
        Kind.RUNTIME,
        "linux-x64",
        "0.2.0",
        FakeRelease.write(content("r2"), "0.2.0", "setup-fails"));
    Seen seen = install();
    assertThat(seen.exit()).isEqualTo(4);
    assertThat(seen.err())
        .contains("[SERVICE-SETUP]", "no such luck")
        .contains("send these lines to the vendor")
        .contains("what was begun was taken back; nothing is installed");
    assertThat(root).doesNotExist();
  }

  @Test
  void onlyTheLastLineOfTheSetUpIsItsAnswer() throws Exception {
    medium.add(
        Kind.RUNTIME, "linux-x64", "0.2.0", FakeRelease.write(content("r2"), "0.2.0", "babbles"));
    Seen seen = install();
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
  }

  @Test
  void aSetUpWithoutAnAnswerIsShownWithWhatItSaid() throws Exception {
    medium.add(
        Kind.RUNTIME, "linux-x64", "0.2.0", FakeRelease.write(content("r2"), "0.2.0", "mumbles"));
    Seen seen = install();
    assertThat(seen.exit()).isEqualTo(4);
    assertThat(seen.err())
        .contains("ended with status 0, but its last line is not JSON: so clst_... it is")
        .doesNotContain("clst_first");
  }

  @Test
  void startingRefusesAPortThatSomebodyElseHas() throws Exception {
    assertThat(install().err()).isEmpty();
    operator.types("stop");
    var inference = SettingsFile.find(new HostPaths(root)).orElseThrow().inference();
    try (var _ =
        new ServerSocket(inference.port(), 1, InetAddress.getByName(inference.address()))) {
      Seen seen = operator.types("start");
      assertThat(seen.exit()).isEqualTo(4);
      assertThat(seen.err())
          .contains("[HOST-PORT]", "ss -ltnp 'sport = :" + inference.port() + "'")
          .contains("then run: cloister start --root " + root);
    }
  }

  @Test
  void uninstallingLeavesNothing() throws Exception {
    Files.createDirectories(root.resolve("var/lib/other"));
    Map<String, String> before = Tree.of(root);
    assertThat(install().err()).isEmpty();
    Seen seen = operator.types("uninstall");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void aDryRunOfAnUpdateNamesBothVersions() throws Exception {
    install();
    medium
        .add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"))
        .add(Kind.MODEL, "vision", "2.0.0", FakeRelease.model(content("m3"), "another"));
    String newer = medium.folder().toString();
    assertThat(operator.types("update", newer, "--dry-run").out())
        .contains("change  model digits 1.0.0 -> 1.1.0\n", "change  model vision 2.0.0, new\n")
        .doesNotContain("change  release");
    assertThat(operator.types("update", newer, "--dry-run", "--json").out())
        .contains("{\"name\":\"model digits\",\"from\":\"1.0.0\",\"to\":\"1.1.0\"}");
  }

  @Test
  void aPersonIsAskedBeforeUninstalling() throws Exception {
    install();
    Seen no = operator.answers(List.of("y"), "uninstall");
    assertThat(no.exit()).isEqualTo(2);
    assertThat(no.out()).contains("release   0.1.0", "model     digits 1.0.0", "data      users");
    assertThat(no.err()).contains("[USAGE-STOPPED]", "release 0.1.0 keeps serving");
    assertThat(operator.answers(List.of("yes"), "uninstall").exit()).isZero();
    assertThat(root).doesNotExist();
    install();
    assertThat(operator.answers(List.of(), "uninstall", "--yes").exit()).isZero();
  }

  @Test
  void uninstallingMayKeepTheAppliancesData() throws Exception {
    assertThat(install().err()).isEmpty();
    assertThat(operator.types("uninstall", "--keep-data").exit()).isZero();
    assertThat(new HostPaths(root).appliance().resolve("db")).isDirectory();
    assertThat(new HostPaths(root).programs()).doesNotExist();
    Path token = scratch.resolve("token");
    Seen again = install("--token-file", token.toString());
    assertThat(again.exit()).isZero();
    assertThat(again.out())
        .contains("the one of the earlier install", "warning: " + token + " is not written")
        .doesNotContain("clst_");
    assertThat(token).doesNotExist();
  }

  @Test
  void aMediumThatIsSignedAfterTheClockIsToldOnceByEveryCommandThatReadsIt() throws Exception {
    var behind =
        new Operator(root, operator.machine(), TestMedium.SIGNED.minus(Duration.ofDays(40)));
    String[] verify = {"verify", medium.folder().toString(), "--trusted-root", medium.anchor()};
    assertThat(behind.types(verify).out()).containsOnlyOnce("signed 40 days after this machine's");
    assertThat(behind.installs(medium.folder(), medium.anchor()).out())
        .containsOnlyOnce("warning: this medium was signed 40 days after this machine's clock");
    medium.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"));
    assertThat(behind.types("update", medium.folder().toString()).out())
        .containsOnlyOnce("warning: this medium was signed 40 days after this machine's clock");
    assertThat(operator.types("update", medium.folder().toString()).out())
        .doesNotContain("warning");
  }

  private Map<String, String> installedTree() throws Exception {
    Map<String, String> tree = Tree.of(root);
    tree.keySet().removeIf(name -> name.startsWith("run/"));
    return tree;
  }
}
