package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.CloisterProcess;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the command while a release's training runs, which would run for ever. */
final class KilledInstallTest {
  @TempDir Path scratch;
  private Path root;
  private HostPaths paths;
  private Operator operator;
  private TestMedium vendor;

  @BeforeEach
  void aMachineAndAMedium() throws Exception {
    root = Files.createDirectories(scratch.resolve("host"));
    paths = new HostPaths(root);
    operator = Operator.at(root);
    Path release = FakeRelease.write(scratch.resolve("r2"), "0.2.0", "trains-long");
    vendor =
        new TestMedium(scratch.resolve("vendor")).add(Kind.RUNTIME, "linux-x64", "0.2.0", release);
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  @Test
  void theTrainingOfAFirstInstallEndsWithItAndTheNextCommandTakesItsFolderAway() throws Exception {
    Map<String, String> before = Tree.of(root);
    killWhileItTrains(Operator.installing(vendor.folder(), vendor.anchor()));
    Seen seen = operator.types("uninstall");
    assertThat(seen.err()).isEmpty();
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void theTrainingOfAnUpdateEndsWithItAndTheNextCommandTakesItsFolderAway() throws Exception {
    Path first = FakeRelease.write(scratch.resolve("r1"), "0.1.0");
    var older =
        new TestMedium(scratch.resolve("older")).add(Kind.RUNTIME, "linux-x64", "0.1.0", first);
    assertThat(operator.installs(older.folder(), older.anchor()).err()).isEmpty();
    older.add(Kind.RUNTIME, "linux-x64", "0.2.0", scratch.resolve("r2"));
    killWhileItTrains("update", older.folder().toString());
    assertThat(operator.types("start").out()).contains("release 0.1.0 runs already");
    assertThat(paths.release("0.2.0")).doesNotExist();
    assertThat(paths.stagedReleases()).doesNotExist();
  }

  private void killWhileItTrains(String... words) throws Exception {
    Process command = new CloisterProcess(operator).start(words);
    Path file = paths.training().resolve("training.pid");
    until(() -> file.toFile().length() > 1);
    ProcessHandle training =
        ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(paths.training())))
        .isEqualTo("rwx------");
    assertThat(training.isAlive()).isTrue();
    command.destroyForcibly().waitFor();
    until(() -> !training.isAlive());
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
