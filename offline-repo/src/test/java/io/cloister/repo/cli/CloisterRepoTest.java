package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.testing.Golden;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vendor's way from keys to media, typed as a vendor types it. */
final class CloisterRepoTest {
  private static final Clock CLOCK = Clock.fixed(SigningRepository.NOW, ZoneOffset.UTC);
  private static final List<String> ROLES = List.of("root", "targets", "snapshot", "timestamp");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Words are separated by spaces; {@code @} stands for the scratch folder. */
  private int run(String line) {
    return run(line, Map.of(), CLOCK);
  }

  private int run(String line, Map<String, String> environment, Clock clock) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = line.replace("@", folder.toString()).split(" ", -1);
    return CloisterRepo.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), environment, clock)
        .execute(words);
  }

  private void makeKeys() {
    for (String role : ROLES) {
      assertThat(run("key generate @/keys/" + role + ".pem")).isZero();
      assertThat(out.toString()).matches("[0-9a-f]{64}  key id of .*" + role + "\\.pem\\n");
    }
  }

  private void publish(String name) throws IOException {
    Path content = Files.createDirectories(folder.resolve("content"));
    byte[] big = new byte[(4 << 20) + 12_345];
    new Random(3).nextBytes(big);
    Files.write(content.resolve("weights.bin"), big);
    Files.writeString(content.resolve("golden.json"), "row ".repeat(5000));
    String roles =
        " --root @/keys/root.pem --targets @/keys/targets.pem"
            + " --snapshot @/keys/snapshot.pem --timestamp @/keys/timestamp.pem";
    assertThat(run("init @/" + name + roles)).isZero();
    assertThat(out.toString()).matches("sha256:[0-9a-f]{64}  digest of the first root, .*\\n");
    String add = "add @/" + name + " @/content --kind model --name digits --version 1.0.0";
    assertThat(run(add)).isZero();
    assertThat(run(add)).as("a package never changes").isEqualTo(2);
    assertThat(run("publish @/" + name + " @/" + name + "-medium")).as("unsigned").isEqualTo(2);
    String keys = " --key @/keys/targets.pem --key @/keys/snapshot.pem --key @/keys/timestamp.pem";
    assertThat(run("sign @/" + name + keys)).isZero();
    assertThat(run("publish @/" + name + " @/" + name + "-medium")).isZero();
  }

  @Test
  void aModelThatNoApplianceWouldServeIsNotPacked() throws Exception {
    makeKeys();
    publish("repo");
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("model.onnx"), "no graph");
    assertThat(run("add @/repo @/other --kind model --name other --version 1.0.0")).isEqualTo(2);
    assertThat(err.toString()).contains("USAGE-PACKAGE", "it is no ONNX file");
    assertThat(run("add @/repo @/other --kind advisories --name other --version 1.0.0")).isZero();
  }

  @Test
  void aVendorGoesFromKeysToAMediumAndTheSameInputsGiveTheSameBytes() throws Exception {
    makeKeys();
    publish("a");
    publish("b");
    assertThat(contents(folder.resolve("a-medium")))
        .isEqualTo(contents(folder.resolve("b-medium")));
    assertThat(run("inspect @/a-medium")).isZero();
    assertThat(out.toString())
        .containsPattern("package   model-digits-1.0.0, 2 files, .*, manifest sha256:[0-9a-f]{64}");
    assertThat(run("inspect @/a-medium --json")).isZero();
    assertThat(out.toString()).startsWith("{\"root_sha256\":\"").contains("\"targets_version\":1");
  }

  private static Map<String, Sha256> contents(Path folder) throws IOException {
    Map<String, Sha256> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void everyFormOfAMediumIsPublishedAndInspected() throws Exception {
    makeKeys();
    publish("a");
    assertThat(run("publish @/a @/a.tar --bundle --parity 5")).isZero();
    assertThat(run("inspect @/a.tar")).isZero();
    assertThat(out.toString()).contains("parity    ", " may be lost");
    assertThat(run("publish @/a @/set --volume-size 4.5MiB")).isZero();
    assertThat(out.toString()).contains("volume-1-of-2", "volume-2-of-2");
    assertThat(run("inspect @/set")).isZero();
    assertThat(run("inspect @/set/volume-1-of-2")).isEqualTo(5);
    assertThat(err.toString()).contains("[MEDIA-VOLUME-MISSING]", "missing   volume 2");
    assertThat(run("publish @/a @/delta --since model-digits-1.0.0")).isZero();
    assertThat(out.toString()).contains("left out 3 blobs", "of model-digits-1.0.0");
    assertThat(run("inspect @/delta")).isZero();
    assertThat(out.toString()).contains("delta     leaves out 3 blobs", "needs     model-digits");
    assertThat(run("inspect @/delta --json")).isZero();
    assertThat(out.toString()).contains("\"delta\":{\"blobs\":3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--volume-size 4XB",
        "--volume-size 0",
        "--volume-size 99999999TiB",
        "--volume-size -1",
        "--parity 101",
        "--parity -1",
        "--since 9.9.9"
      })
  void whatNoMediumCanBeIsAUsageError(String option) throws Exception {
    makeKeys();
    publish("a");
    assertThat(run("publish @/a @/other " + option)).isEqualTo(2);
    assertThat(err.toString()).contains("[USAGE-ARGUMENT]");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void theTimeComesFromTheOptionElseFromSourceDateEpochElseFromTheClock() throws Exception {
    makeKeys();
    publish("a");
    assertThat(signedAt("", Map.of())).isEqualTo("2026-11-22T00:00:00Z");
    Map<String, String> epoch = Map.of("SOURCE_DATE_EPOCH", "1790000000");
    assertThat(signedAt("", epoch)).isEqualTo("2026-09-21T14:13:20Z");
    assertThat(signedAt(" --time 2026-12-01T00:00:00Z", epoch)).isEqualTo("2026-12-01T00:00:00Z");
  }

  private String signedAt(String option, Map<String, String> environment) throws Exception {
    String keys = " --key @/keys/targets.pem --key @/keys/snapshot.pem --key @/keys/timestamp.pem";
    assertThat(run("sign @/a --renew" + keys + option, environment, CLOCK)).isZero();
    byte[] timestamp = Files.readAllBytes(folder.resolve("a/metadata/timestamp.json"));
    return Signed.parseTimestamp(timestamp, "timestamp.json")
        .role()
        .common()
        .signedAt()
        .orElseThrow()
        .toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify @/a", "inspect @/a", "publish @/a @/late"})
  void whatHasExpiredIsToldByTheClockWhateverTheBuildsTimeIs(String command) throws Exception {
    makeKeys();
    publish("a");
    Clock late = Clock.offset(CLOCK, SigningRepository.LIFETIME.plusDays(1));
    Map<String, String> epoch = Map.of("SOURCE_DATE_EPOCH", "1790000000");
    assertThat(run(command, epoch, late)).isEqualTo(3);
    assertThat(err.toString()).contains("[TRUST-EXPIRED]");
    assertThat(run(command + " --time 2026-12-01T00:00:00Z", epoch, late)).isZero();
  }

  @Test
  void keysAreForTheirOwnerOnlyAndNeverReplaced() throws Exception {
    makeKeys();
    Path root = folder.resolve("keys/root.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rw-------");
    byte[] before = Files.readAllBytes(root);
    assertThat(run("key generate @/keys/root.pem")).isEqualTo(2);
    assertThat(err.toString()).contains("[USAGE-EXISTS]");
    assertThat(Files.readAllBytes(root)).isEqualTo(before);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run("sign @/none --key @/keys/root.pem")).isEqualTo(2);
  }

  @Test
  void aFolderWithALinkOrAnUnfitNameIsNotPacked() throws Exception {
    makeKeys();
    publish("a");
    Path content = Files.createDirectories(folder.resolve("other"));
    Files.writeString(content.resolve("with space"), "x");
    String add = "add @/a @/other --kind model --name other --version 1.0.0";
    assertThat(run(add)).isEqualTo(2);
    Files.delete(content.resolve("with space"));
    Files.createSymbolicLink(content.resolve("link"), Path.of("/etc/hostname"));
    Files.writeString(content.resolve("before"), "the link");
    Files.writeString(content.resolve("past"), "the link");
    Map<String, Sha256> before = contents(folder.resolve("a/blobs"));
    assertThat(run(add)).isEqualTo(2);
    assertThat(err.toString()).contains("[USAGE-PACKAGE]");
    assertThat(contents(folder.resolve("a/blobs"))).as("refused before hours").isEqualTo(before);
  }

  @Test
  void aMediumThatIsNotEmptyIsNotTouched() throws Exception {
    makeKeys();
    publish("a");
    assertThat(run("publish @/a @/content")).isEqualTo(2);
    assertThat(err.toString()).contains("[USAGE-EXISTS]");
  }

  @Test
  void nonsenseOnTheCommandLineIsAUsageError() {
    assertThat(run("frobnicate")).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: ").contains("[USAGE-ARGUMENT]");
    assertThat(run("pubish @/repo")).isEqualTo(2);
    assertThat(err.toString()).contains("is it one of: publish");
    assertThat(run("inspect @/nowhere")).isEqualTo(5);
    assertThat(err.toString()).contains("[MEDIA-ABSENT]");
  }

  @Test
  void signingTellsHowFarEachRoleIsSignedAndNamesAKeyThatNoRoleKnows() throws Exception {
    makeKeys();
    publish("a");
    assertThat(run("sign @/a --renew --key @/keys/targets.pem")).isZero();
    assertThat(out.toString().lines())
        .contains("targets    version 2, signatures 1 of 1, expires 2027-11-22T00:00:00Z")
        .hasSize(4);
    assertThat(run("key generate @/keys/other.pem")).isZero();
    assertThat(run("sign @/a --key @/keys/other.pem")).isEqualTo(2);
    assertThat(err.toString()).contains(folder + "/keys/other.pem").contains("[USAGE-KEY-ROLE]");
  }

  @Test
  void aMissingCommandIsAnsweredWithTheCommandsAndTheVersionIsPrinted() {
    assertThat(run("key")).isEqualTo(2);
    assertThat(err.toString()).contains("a command is missing: generate");
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("cloister-repo ");
  }

  @Test
  void aFolderThatHoldsNoMetadataIsNoMedium() {
    assertThat(run("inspect @")).isEqualTo(5);
    assertThat(err.toString()).contains("[MEDIA-NOT-CLOISTER]").contains(folder.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "init",
        "key",
        "key generate",
        "key public",
        "key bootstrap",
        "add",
        "sign",
        "role",
        "role export",
        "role sign",
        "role import",
        "delegate",
        "rotate",
        "undelegate",
        "revoke",
        "verify",
        "publish",
        "inspect"
      })
  void theHelpIsWhatTheReferenceShows(String command) throws Exception {
    assertThat(run((command + " --help").strip())).isZero();
    String name = ("cloister-repo " + command).strip().replace(' ', '-');
    Golden.check(Golden.docs().resolve("reference/cli/" + name + ".txt"), out.toString());
  }
}
