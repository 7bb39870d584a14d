package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not hold is taken back, the reason is kept, and every way on from there is told. */
final class WayBackTest {
  @TempDir Path scratch;
  private Path root;
  private Operator operator;
  private TestMedium medium;

  @BeforeEach
  void aMachineWithAReleaseAndAModel() throws Exception {
    root = scratch.resolve("host");
    operator = Operator.at(root);
    medium =
        new TestMedium(scratch.resolve("medium"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("release"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m1"), "first"));
    assertThat(operator.installs(medium.folder(), medium.anchor()).err()).isEmpty();
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private void serves(String model) {
    assertThat(operator.types("status").out()).containsPattern("digits +" + model + " +ready");
  }

  @Test
  void aModelThatTheApplianceRefusesIsTakenBackAndTheOldOneKeepsServing() throws Exception {
    medium.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "refuse this"));
    Seen seen = operator.types("update", medium.folder().toString());
    assertThat(seen.exit()).isEqualTo(7);
    assertThat(seen.err())
        .contains("[SERVICE-REFUSED]", "golden row 0 differs", "digits 1.1.0")
        .contains("state     what was begun was taken back; release 0.1.0 keeps serving");
    serves("1.0.0");
    assertThat(new HostPaths(root).model("digits", "1.1.0")).doesNotExist();
    assertThat(operator.types("status").out()).contains("inactive, bad", "golden row 0 differs");
    Seen back = operator.types("rollback");
    assertThat(back.exit()).isEqualTo(2);
    assertThat(back.err())
        .contains("[SLOT-NO-PREVIOUS]", "reason    digits 1.1.0: golden row 0 differs")
        .contains("active    slot a, good: release 0.1.0, digits 1.0.0")
        .contains("other     slot b, bad: release 0.1.0, digits 1.1.0")
        .contains("state     nothing on this machine was changed; release 0.1.0 keeps serving")
        .contains("run: cloister --root " + root + " update MEDIA; else ask the vendor");
  }

  @Test
  void goingBackIsRefusedWhereNothingWasEverUpdatedAndPointsToStartWhereNothingRuns()
      throws Exception {
    assertThat(operator.types("rollback").err()).contains("other     slot b, empty");
    medium.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "refuse this"));
    assertThat(operator.types("update", medium.folder().toString()).exit()).isEqualTo(7);
    operator.types("stop");
    assertThat(operator.types("rollback").err())
        .contains("stays installed, and is not running")
        .contains("next      cloister --root " + root + " start\n");
  }

  @Test
  void aReleaseThatDoesNotBecomeReadyIsTakenBackAndTheOldOneServes() throws Exception {
    medium.add(
        Kind.RUNTIME,
        "linux-x64",
        "0.2.0",
        FakeRelease.write(content("r2"), "0.2.0", "serve-fails"));
    Seen seen = operator.types("update", medium.folder().toString());
    assertThat(seen.exit()).isEqualTo(7);
    assertThat(seen.err()).contains("[SERVICE-NOT-READY]", "no such luck", "0.1.0 keeps serving");
    assertThat(Files.readSymbolicLink(new HostPaths(root).current()))
        .isEqualTo(Path.of("releases/0.1.0"));
    assertThat(new HostPaths(root).release("0.2.0")).doesNotExist();
    assertThat(operator.types("status").out())
        .contains("slot b  inactive, bad: release 0.2.0, digits 1.0.0, generation 2\n")
        .contains("        why  not ready: the process ended; error: no such luck\n");
    assertThat(data("0.1.0")).isDirectory();
    assertThat(data("0.2.0")).doesNotExist();
  }

  private Path data(String release) {
    return new HostPaths(root).databases().resolve(release);
  }

  private void updatesTo(String release) throws Exception {
    medium.add(
        Kind.RUNTIME,
        "linux-x64",
        release,
        FakeRelease.write(content("release" + release), release));
    assertThat(operator.types("update", medium.folder().toString()).err()).isEmpty();
  }

  @Test
  void anUpdateCopiesTheDataAndTheWayBackFindsItAsItWas() throws Exception {
    updatesTo("0.2.0");
    assertThat(data("0.2.0").resolve("from")).hasContent("0.1.0");
    Files.writeString(data("0.2.0").resolve("from"), "changed by 0.2.0");
    Files.writeString(data("0.1.0").resolve("own"), "as it was");
    assertThat(operator.types("rollback").exit()).isZero();
    assertThat(data("0.1.0").resolve("own")).hasContent("as it was");
    assertThat(data("0.1.0").resolve("from")).doesNotExist();
    assertThat(operator.types("rollback").exit()).isZero();
    assertThat(data("0.2.0").resolve("from")).hasContent("changed by 0.2.0");
  }

  @Test
  void anUpdateToWhatWasLeftBeforeCopiesTheDataAnew() throws Exception {
    updatesTo("0.2.0");
    Files.writeString(data("0.2.0").resolve("from"), "changed by 0.2.0");
    operator.types("rollback");
    assertThat(operator.types("update", medium.folder().toString()).err()).isEmpty();
    assertThat(data("0.2.0").resolve("from")).hasContent("0.1.0");
    updatesTo("0.3.0");
    assertThat(data("0.3.0").resolve("from")).hasContent("0.2.0");
    assertThat(data("0.1.0")).doesNotExist();
    assertThat(new HostPaths(root).deployment("0.1.0")).doesNotExist();
  }

  @Test
  void aStoppedReleaseHandsItsDataOverToo() throws Exception {
    operator.types("stop");
    updatesTo("0.2.0");
    assertThat(data("0.2.0").resolve("from")).hasContent("0.1.0");
  }

  @Test
  void dataThatAnUninstallKeptIsHandedToWhateverComesNext() throws Exception {
    updatesTo("0.2.0");
    assertThat(operator.types("uninstall", "--keep-data").exit()).isZero();
    assertThat(data("kept").resolve("from")).hasContent("0.2.0");
    assertThat(data("0.2.0")).doesNotExist();
  }

  @Test
  void aDeploymentFileThatSomethingElseChangedIsWrittenAnewByStart() throws Exception {
    operator.types("stop");
    Files.writeString(new HostPaths(root).deployment("0.1.0"), "{");
    assertThat(operator.types("start").err()).isEmpty();
    serves("1.0.0");
  }
}
