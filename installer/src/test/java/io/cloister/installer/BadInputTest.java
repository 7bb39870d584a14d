package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.activate.FirstInstall;
import io.cloister.installer.activate.Patience;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Stager;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.SoundFacts;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Kind;
import io.cloister.repo.media.Medium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not come in does not, and the machine is byte for byte as it was. */
final class BadInputTest {
  @TempDir Path scratch;
  private Path root;
  private Operator operator;
  private TestMedium vendor;
  private Path medium;
  private Map<String, String> before;

  @BeforeEach
  void aMachineAndAMedium() throws Exception {
    root = Files.createDirectories(scratch.resolve("host"));
    Files.writeString(root.resolve("somebody-elses"), "untouched");
    operator = Operator.at(root);
    vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m"), "first"));
    medium = vendor.folder();
    before = Tree.of(root);
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private Seen install() throws IOException {
    return operator.installs(medium, vendor.anchor());
  }

  private void refused(Seen seen, int exit, String code) throws IOException {
    assertThat(seen.err()).contains("[" + code);
    assertThat(seen.err())
        .containsPattern("(?s)error: .*\n  why .*\n  state     .*nothing is installed\n  next ");
    assertThat(seen.exit()).isEqualTo(exit);
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  private Path largestBlob() throws IOException {
    try (Stream<Path> blobs = Files.walk(medium.resolve("blobs"))) {
      return blobs
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(path -> path.toFile().length()))
          .orElseThrow();
    }
  }

  @Test
  void aChangedByteInABlob() throws Exception {
    byte[] bytes = Files.readAllBytes(largestBlob());
    bytes[bytes.length / 2] ^= 1;
    Files.write(largestBlob(), bytes);
    refused(install(), 5, "MEDIA-");
    Seen verify = operator.types("verify", medium.toString(), "--trusted-root", vendor.anchor());
    refused(verify, 5, "MEDIA-");
  }

  @Test
  void aMissingBlob() throws Exception {
    Files.delete(largestBlob());
    refused(install(), 5, "MEDIA-");
  }

  @Test
  void aTruncatedBlob() throws Exception {
    byte[] bytes = Files.readAllBytes(largestBlob());
    Files.write(largestBlob(), java.util.Arrays.copyOf(bytes, bytes.length - 1));
    refused(install(), 5, "MEDIA-");
  }

  @Test
  void aRoleWithoutSignature() throws Exception {
    Path timestamp = medium.resolve("metadata/timestamp.json");
    String text = Files.readString(timestamp);
    Files.writeString(timestamp, text.replaceFirst("\"sig\": ?\"..", "\"sig\":\"00"));
    refused(install(), 3, "TRUST-");
  }

  @Test
  void aRootThatIsNotTheOneOfTheLetter() throws Exception {
    Seen seen = operator.installs(medium, "sha256:" + "0".repeat(64));
    refused(seen, 3, "TRUST-");
    refused(operator.types("install", medium.toString()), 3, "TRUST-NO-ROOT");
  }

  @Test
  void aPortInUseAndASecondOneReportedTogether() throws Exception {
    try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Seen seen =
          operator.types(
              "install",
              medium.toString(),
              "--trusted-root",
              vendor.anchor(),
              "--inference",
              "127.0.0.1:" + one.getLocalPort(),
              "--console",
              "127.0.0.1:" + two.getLocalPort());
      refused(seen, 4, "HOST-PORT");
      assertThat(seen.err())
          .contains("127.0.0.1:" + one.getLocalPort(), "127.0.0.1:" + two.getLocalPort());
    }
  }

  @Test
  void bothListenersOnOnePort() throws Exception {
    for (String console : new String[] {"127.0.0.1:8443", "0.0.0.0:8443", "localhost:8443"}) {
      Seen seen =
          operator.types(
              "install",
              "/no/medium",
              "--dry-run",
              "--inference",
              "127.0.0.1:8443",
              "--console",
              console);
      refused(seen, 2, "USAGE-LISTENERS");
      assertThat(seen.err()).contains("inference 127.0.0.1:8443", console);
    }
  }

  @Test
  void aMachineOfAnotherKindWithAnOldGlibc() throws Exception {
    var other =
        new Operator(
            root,
            SoundFacts.machine(
                facts -> {
                  facts.platform = "linux-arm64";
                  facts.glibc = Optional.of("2.9");
                }),
            operator.now());
    Seen seen = other.installs(medium, vendor.anchor());
    refused(seen, 4, "HOST-PLATFORM");
    assertThat(seen.err()).contains("[HOST-GLIBC]", "glibc 2.17 or newer");
  }

  @Test
  void aPathTooLongForASocket() throws Exception {
    var deep = Operator.at(root.resolve("x".repeat(100)));
    Seen seen = deep.installs(medium, vendor.anchor());
    refused(seen, 4, "HOST-PATH-TOO-LONG");
  }

  @Test
  void aFolderThatIsAFile() throws Exception {
    var blocked = Operator.at(root.resolve("somebody-elses"));
    Seen seen = blocked.installs(medium, vendor.anchor());
    refused(seen, 4, "HOST-PERMISSION");
  }

  @Test
  void withoutARootFolder() throws Exception {
    Seen seen = operator.typesExactly("install", medium.toString());
    assertThat(seen.exit()).isEqualTo(4);
    assertThat(seen.err()).contains("[HOST-NO-SYSTEMD]", "--root DIR");
    assertThat(operator.typesExactly("install").exit()).isEqualTo(2);
    assertThat(operator.typesExactly("install", "--nonsense").err()).contains("[USAGE-ARGUMENTS]");
    assertThat(operator.typesExactly().err()).contains("subcommand: verify, preflight, install, ");
    assertThat(operator.typesExactly("--version").out()).startsWith("cloister");
  }

  @Test
  void aCommandThatIsTypedWronglyIsAnsweredWithThoseLikeIt() {
    assertThat(operator.typesExactly("statsu").err()).contains("'statsu'", "is it one of: status");
  }

  @Test
  void aSecondCommandWhileOneIsAtWork() throws Exception {
    var paths = new HostPaths(root);
    try (HostLock _ = HostLock.take(paths)) {
      before = Tree.of(root);
      Seen seen = install();
      refused(seen, 6, "SLOT-BUSY");
      assertThat(seen.err()).contains("another command is working here; ", " --trusted-root ");
      refused(operator.types("status"), 6, "SLOT-BUSY");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(paths.lock())))
          .as("who may read it could lock it")
          .isEqualTo("rw-------");
      refused(operator.types("recover", "--start"), 6, "SLOT-BUSY");
      refused(operator.types("recover", "--failed"), 6, "SLOT-BUSY");
      refused(operator.types("recover", "--held"), 6, "SLOT-BUSY");
    }
  }

  @Test
  void aDryRunWritesNothing() throws Exception {
    Seen seen = operator.installs(medium, vendor.anchor(), "--dry-run");
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).contains("write   runtime-linux-x64-0.1.0", "nothing was done");
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void verifyingWritesNothing() throws Exception {
    Seen seen = operator.types("verify", medium.toString(), "--trusted-root", vendor.anchor());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).contains("every byte of this medium is proven", "digits");
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void anInterruptedInstallIsTakenAwayByTheNextCommand() throws Exception {
    interruptedInstall();
    Seen seen = operator.types("update", medium.toString());
    assertThat(seen.out()).contains("take away what an interrupted install left");
    refused(seen, 2, "SLOT-NONE");
  }

  @Test
  void uninstallingTakesAnInterruptedInstallAway() throws Exception {
    interruptedInstall();
    Seen seen = operator.types("uninstall");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).contains("what an interrupted command left");
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  /** A power cut, as far as a file system shows it: nothing is cleaned up. */
  private void interruptedInstall() throws Exception {
    var paths = new HostPaths(root);
    Medium folder = Medium.folder(medium);
    MediumClient client =
        MediumClient.open(
            folder, TrustStore.at(paths.trust(), Anchor.parse(vendor.anchor())), operator.now());
    Catalog catalog = client.refresh();
    InstallPlan plan =
        InstallPlan.plan(catalog, Slots.EMPTY, "linux-x64", "", operator.now()).orElseThrow();
    var stager =
        new Stager(
            paths,
            new PackageReader(folder, catalog.packages()),
            _ -> {
              throw new PowerCut();
            });
    var settings =
        new SettingsFile(new Listener("127.0.0.1", 18443), new Listener("127.0.0.1", 19443));
    var install = new FirstInstall(stager, client, settings, Patience.USUAL, _ -> {});
    try {
      install.apply(plan);
    } catch (PowerCut cut) {
      assertThat(Tree.of(root)).isNotEqualTo(before);
    }
  }

  private static final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;
  }
}
