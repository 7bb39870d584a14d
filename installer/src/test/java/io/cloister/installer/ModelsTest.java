package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.HostLock;
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

/** The settings of a model are measured, kept, shown and taken back. */
final class ModelsTest {
  @TempDir Path scratch;
  private Path root;
  private Operator operator;
  private TestMedium medium;
  private Seen installed;

  @BeforeEach
  void aMachineWithAReleaseAndAModel() throws Exception {
    root = scratch.resolve("host");
    operator = Operator.at(root);
    medium =
        new TestMedium(scratch.resolve("medium"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("release"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m1"), "first"));
    installed = operator.installs(medium.folder(), medium.anchor());
    assertThat(installed.err()).isEmpty();
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private void misbehaves(String how) throws Exception {
    Files.writeString(root.resolve("opt/cloister/releases/0.1.0").resolve(how), "");
  }

  @Test
  void aTunedModelIsShownAndTakenBack() {
    assertThat(operator.types("models", "list").out())
        .containsPattern("digits +1.0.0 +ready +package +2 at once .* every optimizer");
    Seen tuned = operator.types("models", "tune", "digits");
    assertThat(tuned.err()).isEmpty();
    assertThat(tuned.exit()).isZero();
    assertThat(tuned.out())
        .contains("digits 1.0.0 is tuned: 2 at once on 1 thread each")
        .contains("before  2,716 µs of processor time for an answer, 540 answers a second")
        .contains("after   1,885 µs")
        .containsPattern("without LayerNormFusionL1 +× 0.69 +× 1.49 +× 0.70 +better")
        .containsPattern("8 rows together .*refused: 1 of 3 golden rows failed")
        .containsPattern("16 rows together .*given up: the time was over, after 9 s of it")
        .containsPattern("32 rows together .*not tried, the time is over")
        .contains("to take it back: cloister --root " + root + " models untune digits");
    assertThat(operator.types("models", "list").out())
        .containsPattern("digits +1.0.0 +ready +tuned 2026-11-28 +2 at once .* without LayerNorm");
    assertThat(operator.types("status").out())
        .contains("digits 1.0.0 is tuned since 2026-11-28: 2 at once on 1 thread each")
        .contains("processor time × 0.69, answers a second × 1.49, time of one alone × 0.70");
    assertThat(operator.types("models", "untune", "digits").out())
        .contains("digits 1.0.0 runs with its package's settings again: 2 at once");
    assertThat(operator.types("models", "untune", "digits").out()).contains("settings, as before");
    assertThat(operator.types("models", "list").out()).containsPattern("digits .*package");
  }

  @Test
  void aDryRunKeepsNothing() {
    assertThat(operator.types("models", "tune", "digits", "--dry-run").out())
        .contains("digits 1.0.0 would be tuned")
        .doesNotContain("take it back");
    assertThat(operator.types("models", "list").out()).containsPattern("digits .*package");
  }

  @Test
  void aProgramReadsStepsAndEvidence() {
    String out = operator.types("models", "tune", "digits", "--json").out();
    assertThat(out)
        .contains("\"doing\":\"candidate 1 of 4: without LayerNormFusionL1\"")
        .contains("\"event\":\"result\"", "\"cpu_ratio\":0.694", "\"changed\":true");
    assertThat(operator.types("models", "list", "--json").out()).contains("\"tuned_at\":\"2026");
  }

  @Test
  void aChoiceThatIsNotUsedIsSaid() throws Exception {
    misbehaves("other-engine");
    assertThat(operator.types("models", "list").out())
        .contains("digits was tuned here, and that is not used: the engine is another one")
        .contains("to measure anew: cloister --root " + root + " models tune digits");
    assertThat(operator.types("status").out()).contains("digits was tuned here, and that is not");
  }

  @Test
  void whatStandsAgainstItIsSaid() throws Exception {
    Seen unknown = operator.types("models", "tune", "digit");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("[MODEL-UNKNOWN]", "no model digit is routed");
    refused("golden_rows", 4, "TUNE-GOLDEN");
    refused("busy", 6, "TUNE-BUSY");
    refused("not_serving", 8, "MODEL-NOT-SERVING");
    refused("not_kept", 4, "TUNE-NOT-KEPT");
    refused("not_stored", 4, "TUNE-NOT-STORED");
    refused("changed", 6, "TUNE-CHANGED");
    refused("cancelled", 6, "TUNE-ENDED");
  }

  private void refused(String how, int exit, String code) throws Exception {
    misbehaves("tune-" + how);
    Seen seen = operator.types("models", "tune", "digits");
    assertThat(seen.exit()).isEqualTo(exit);
    assertThat(seen.err()).contains("[" + code + "]", "so it is", "release 0.1.0 keeps serving");
    Files.delete(root.resolve("opt/cloister/releases/0.1.0").resolve("tune-" + how));
  }

  @Test
  void twoCommandsAtOnceAreOneTooMany() throws Exception {
    try (HostLock _ = HostLock.take(new HostPaths(root))) {
      Seen seen = operator.types("models", "tune", "digits");
      assertThat(seen.exit()).isEqualTo(6);
      assertThat(seen.err()).contains("[SLOT-BUSY]");
    }
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    for (String time : new String[] {"29s", "2h", "5", "-1m", "m"}) {
      Seen seen = operator.types("models", "tune", "digits", "--time=" + time);
      assertThat(seen.exit()).isEqualTo(2);
      assertThat(seen.err()).contains("[USAGE-ARGUMENTS]", "--time is 30s to 1h");
    }
  }

  @Test
  void aServiceThatDoesNotRunIsSaid() {
    operator.types("stop");
    assertThat(operator.types("models", "list").err()).contains("[SERVICE-DOWN]");
    Seen seen = operator.types("models", "tune", "digits");
    assertThat(seen.exit()).isEqualTo(8);
    assertThat(seen.err()).contains("[SERVICE-DOWN]");
  }

  @Test
  void aModelThatIsNewHereIsOfferedToBeTuned() throws Exception {
    String offer = "to see whether it can be cheaper on this machine: cloister --root " + root;
    assertThat(installed.out()).contains(offer + " models tune digits");
    medium.add(Kind.MODEL, "other", "1.0.0", FakeRelease.model(content("m2"), "another"));
    Seen updated = operator.types("update", medium.folder().toString());
    assertThat(updated.out()).contains(offer + " models tune other");
    assertThat(operator.types("rollback").out()).doesNotContain(offer);
  }

  @Test
  void anotherVersionOfATunedModelIsNotTunedAndIsOffered() throws Exception {
    operator.types("models", "tune", "digits");
    String offer = "to see whether it can be cheaper on this machine: cloister --root " + root;
    medium.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"));
    assertThat(operator.types("update", medium.folder().toString()).out())
        .contains(offer + " models tune digits");
    assertThat(operator.types("models", "list").out()).containsPattern("1.1.0 +ready +package");
    operator.types("models", "tune", "digits");
    operator.types("rollback");
    assertThat(operator.types("update", medium.folder().toString()).out()).doesNotContain(offer);
  }
}
