package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.Credentials;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Limits;
import io.cloister.installer.host.Processor;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.SoundFacts;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What install, update and start do with what preflight finds. */
final class UnfitMachineTest {
  @TempDir Path scratch;
  private Path root;
  private Operator sound;
  private TestMedium vendor;

  @BeforeEach
  void aMachineAndAMedium() throws Exception {
    root = Files.createDirectories(scratch.toRealPath().resolve("host"));
    sound = Operator.at(root);
    vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m"), "first"));
  }

  @AfterEach
  void nothingKeepsRunning() {
    sound.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private Operator on(Consumer<SoundFacts> change) {
    return new Operator(root, SoundFacts.machine(change), sound.now());
  }

  private static void smallAndLimited(SoundFacts facts) {
    facts.platform = "linux-arm64";
    facts.limits = new Limits(Map.of(Limits.FILE_BYTES, new Limits.Limit(1, 1)));
  }

  @Test
  void aFirstInstallIsRefusedWithEverythingAtOnce() throws Exception {
    Map<String, String> before = Tree.of(root);
    Path token = Files.writeString(scratch.resolve("token"), "another");
    Seen seen =
        on(UnfitMachineTest::smallAndLimited)
            .installs(vendor.folder(), vendor.anchor(), "--token-file", token.toString());
    assertThat(seen.err()).contains("[USAGE-TOKEN-FILE]", "[HOST-PLATFORM]", "[HOST-LIMIT]");
    assertThat(seen.exit()).isEqualTo(2);
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void anInstallationIsNotTheOnlyThingThatIsTold() throws Exception {
    assertThat(sound.installs(vendor.folder(), vendor.anchor()).err()).isEmpty();
    Seen seen = on(UnfitMachineTest::smallAndLimited).installs(vendor.folder(), vendor.anchor());
    assertThat(seen.err())
        .contains("[SLOT-INSTALLED]", "[HOST-PLATFORM]", "[HOST-LIMIT]")
        .contains("release 0.1.0 keeps serving");
    assertThat(seen.exit()).isEqualTo(2);
  }

  @Test
  void aMediumThatIsRefusedDoesNotHideTheMachine() throws Exception {
    Seen seen =
        on(UnfitMachineTest::smallAndLimited).installs(vendor.folder(), "sha256:" + "0".repeat(64));
    assertThat(seen.err()).contains("[TRUST-ROOT-DIGEST]", "[HOST-PLATFORM]", "[HOST-LIMIT]");
    assertThat(seen.exit()).isEqualTo(3);
    Seen looked =
        on(UnfitMachineTest::smallAndLimited).types("preflight", vendor.folder().toString());
    assertThat(looked.err()).contains("[TRUST-NO-ROOT]", "[HOST-PLATFORM]");
    assertThat(looked.exit()).isEqualTo(3);
  }

  @Test
  void aWarningIsOneLineAndTheInstallGoesOn() throws Exception {
    Seen seen =
        on(facts -> facts.processor = new Processor("", 2, Set.of()))
            .installs(vendor.folder(), vendor.anchor());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(seen.out())
        .containsPattern("(?m)^warning: models will run .*lacks avx2, fma; in a .*\\[HOST-CPU]$")
        .containsOnlyOnce("warning");
  }

  @Test
  void anUpdateAndAStartAreRefusedToo() throws Exception {
    assertThat(sound.installs(vendor.folder(), vendor.anchor()).err()).isEmpty();
    vendor.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"));
    Operator unfit = on(UnfitMachineTest::smallAndLimited);
    Seen update = unfit.types("update", vendor.folder().toString());
    assertThat(update.err()).contains("[HOST-PLATFORM]", "[HOST-LIMIT]");
    assertThat(update.exit()).isEqualTo(4);
    sound.types("stop");
    var settings = SettingsFile.find(new HostPaths(root)).orElseThrow();
    try (var _ = new ServerSocket(settings.console().port(), 1, InetAddress.getLoopbackAddress())) {
      Seen start = unfit.types("start");
      assertThat(start.err()).contains("[HOST-PORT]", "[HOST-LIMIT]", "is not running\n");
      assertThat(start.exit()).isEqualTo(4);
    }
    assertThat(sound.types("start").exit()).isZero();
  }

  @Test
  void whatIsInstalledAndItsPortsAreNoFinding() throws Exception {
    assertThat(sound.types("preflight").out()).contains("for install: nothing");
    assertThat(sound.installs(vendor.folder(), vendor.anchor()).err()).isEmpty();
    Seen running = sound.types("preflight", vendor.folder().toString());
    assertThat(running.err()).isEmpty();
    assertThat(running.out()).contains("release 0.1.0, running", "the service has them");
    sound.types("stop");
    assertThat(sound.types("preflight").out()).contains("release 0.1.0, stopped");
  }

  @Test
  void aHostWithoutSystemdIsToldWithTheRest() throws Exception {
    Operator plain = on(UnfitMachineTest::smallAndLimited);
    Seen seen = plain.typesExactly("install", vendor.folder().toString());
    assertThat(seen.err()).contains("[HOST-NO-SYSTEMD]", "[HOST-PLATFORM]", "[HOST-LIMIT]");
    assertThat(seen.exit()).isEqualTo(4);
  }

  @Test
  void linksAboveOurFoldersAreFollowed() throws Exception {
    for (String folder : new String[] {"opt", "etc", "run", "var/lib", "var/log"}) {
      Path disk = Files.createDirectories(root.resolve("disk").resolve(folder));
      Files.createDirectories(root.resolve(folder).resolveSibling(""));
      Files.createSymbolicLink(root.resolve(folder), disk);
    }
    Map<String, String> before = Tree.of(root);
    Seen seen = sound.installs(vendor.folder(), vendor.anchor());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(sound.types("uninstall").exit()).isZero();
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void rootInstallsNothingWhereEveryoneMayWrite() throws Exception {
    Files.setAttribute(root, "unix:mode", 0777);
    Map<String, String> before = Tree.of(root);
    Seen seen =
        on(facts -> facts.credentials = new Credentials(0, 0, OptionalInt.of(0022)))
            .installs(vendor.folder(), vendor.anchor());
    assertThat(seen.err()).contains("[HOST-EXPOSED]", root + ": everyone may write there");
    assertThat(seen.exit()).isEqualTo(4);
    assertThat(Tree.of(root)).isEqualTo(before);
  }
}
