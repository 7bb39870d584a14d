package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.cloister.installer.activate.Recovery;
import io.cloister.installer.activate.Service;
import io.cloister.installer.host.ApplianceProcess;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd's units have done, on a machine that was updated once. */
final class RecoveryTest {
  @TempDir Path scratch;
  private Operator operator;
  private HostPaths paths;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void aMachineThatWasUpdated() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    paths = new HostPaths(operator.root());
    var vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", release("0.1.0"));
    assertThat(operator.installs(vendor.folder(), vendor.anchor()).err()).isEmpty();
    vendor.add(Kind.RUNTIME, "linux-x64", "0.2.0", release("0.2.0"));
    assertThat(operator.types("update", vendor.folder().toString()).err()).isEmpty();
  }

  private Path release(String version) throws IOException {
    return FakeRelease.write(scratch.resolve(version), version);
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Slots slots() throws Exception {
    return new SlotFiles(paths).read();
  }

  private Deployment serving() throws Exception {
    return slots().findServing().orElseThrow();
  }

  private Recovery recovery() {
    return new Recovery(paths, Operator.SHORT, said::add);
  }

  private List<String> running() throws Exception {
    return new ApplianceProcess(paths).findRunning();
  }

  private void isOnProbation() throws Exception {
    new SlotFiles(paths).write(slots().markOnProbation(slots().active().orElseThrow(), serving()));
  }

  @Test
  void goingBackThatWasKilledBeforeTheStartIsFinishedByTheNextTry() throws Exception {
    operator.types("stop");
    assertThat(operator.types("recover", "--held").err()).isEmpty();
    assertThat(running()).isEmpty();
    assertThat(operator.types("recover", "--failed").err()).isEmpty();
    assertThat(running()).containsExactly("0.2.0");
  }

  @Test
  void theWayBackGetsACopyOfTheDataWhereARestoreTookItsOwn() throws Exception {
    operator.types("stop");
    isOnProbation();
    Folders.delete(paths.databases().resolve("0.1.0"));
    assertThat(operator.types("recover", "--failed").out()).contains("went back");
    assertThat(running()).containsExactly("0.1.0");
    assertThat(paths.databases().resolve("0.1.0/from")).hasContent("0.2.0");
  }

  @Test
  void whereTheDataCannotBeHandedOverTheReleaseIsStartedOnceMore() throws Exception {
    operator.types("stop");
    isOnProbation();
    Folders.delete(paths.databases().resolve("0.1.0"));
    Files.writeString(paths.release("0.2.0").resolve("keeps-its-data"), "");
    assertThat(operator.types("recover", "--failed").out()).contains("no way back");
    assertThat(running()).containsExactly("0.2.0");
    assertThat(operator.types("status").out()).contains("slot b  active, good");
  }

  @Test
  void atTheStartOfAMachineAnotherCommandIsNotWaitedForOnlyWhereTheServiceRuns() throws Exception {
    try (HostLock _ = HostLock.take(paths)) {
      assertThat(operator.types("recover", "--start").exit()).isZero();
    }
    operator.types("stop");
    try (HostLock _ = HostLock.take(paths)) {
      assertThat(operator.types("recover", "--start").exit()).isEqualTo(6);
    }
  }

  @Test
  void whoeverHasTheReleaseStartedItselfFindsItStopped() throws Exception {
    new SlotFiles(paths).switchCurrent("0.1.0");
    new SlotFiles(paths).tell(serving().withGeneration(99));
    recovery().settle(false);
    assertThat(running()).isEmpty();
    assertThat(new SlotFiles(paths).findCurrent()).contains("0.2.0");
  }

  @Test
  void whereNothingServesAnyMoreKeptDataStays() throws Exception {
    assertThat(operator.types("uninstall", "--keep-data").exit()).isZero();
    assertThatExceptionOfType(InstallRefusedException.class)
        .isThrownBy(() -> recovery().settle())
        .withMessageContaining("NotInstalled");
    assertThat(paths.keptDatabase()).isNotEmptyDirectory();
  }

  @Test
  void aServiceThatDoesNotResumeAfterABackupKeepsNoCommandFromItsWork() throws Exception {
    Files.createDirectories(paths.databases().resolve("backup"));
    Files.writeString(paths.release("0.2.0").resolve("never-resumes"), "");
    recovery().settle();
    assertThat(said).anyMatch(line -> line.contains("takes changes again"));
    assertThat(paths.databases().resolve("backup")).doesNotExist();
  }

  @Test
  void aLinkToAnyOtherPlaceIsNotTheCurrentRelease() throws Exception {
    for (String other : new String[] {"/", "/tmp/x/0.2.0", "releases/../0.2.0", "releases/0.1.0"}) {
      Files.delete(paths.current());
      Files.createSymbolicLink(paths.current(), Path.of(other));
      recovery().settle();
      assertThat(Files.readSymbolicLink(paths.current())).isEqualTo(Path.of("releases/0.2.0"));
    }
  }

  @Test
  void whatRanRunsAgainAlsoWhereNothingCameOfWhatItWasStoppedFor() throws Exception {
    var service = new Service(paths, Operator.SHORT);
    assertThatIOException()
        .isThrownBy(
            () ->
                service.stopFor(
                    () -> {
                      throw new IOException("no room");
                    },
                    serving()))
        .withMessage("no room");
    assertThat(running()).containsExactly("0.2.0");
    operator.types("stop");
    service.stopFor(() -> {}, serving());
    assertThat(running()).as("it did not run before").isEmpty();
  }
}
