package io.cloister.repo.publish;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.client.MediumClient;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Newcomer.Said;
import io.cloister.repo.testing.Golden;
import io.cloister.repo.testing.SigningRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with a medium before anything of ours runs: the lines in its README. */
final class SignedSumsTest {
  private static final String SUMS = Sha256Sums.FILE;

  /** What the documents said once; it proves that an attack below is one. */
  private static final String WEAK =
      "openssl cms -verify -binary -inform DER -in SHA256SUMS.p384.p7s -content SHA256SUMS"
          + " -CAfile vendor.p384.pem -purpose any -no_check_time -out /dev/null";

  private final BootstrapKey classical = key(BootstrapAlgorithm.P384);
  private final BootstrapKey quantum = key(BootstrapAlgorithm.ML_DSA_87);

  @TempDir private Path folder;
  private SigningRepository vendor;
  private Newcomer person;
  private Path genuine;

  /** Of a README that nobody touched: what an attacker's says, nobody types. */
  private List<String> lines;

  private static BootstrapKey key(BootstrapAlgorithm algorithm) {
    return BootstrapKey.generate(algorithm, "Example Vendor", NOW, new SecureRandom());
  }

  @BeforeEach
  void pack() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", new byte[] {1, 2, 3}));
    Path authorities = Files.createDirectory(folder.resolve("authorities"));
    person =
        new Newcomer(
            Files.createDirectory(folder.resolve("home")),
            Map.of("SSL_CERT_DIR", authorities.toString(), "TMPDIR", folder.toString()));
    genuine = programs("genuine");
    lines = Newcomer.lines(publish("whole").resolve("README.txt"));
  }

  private Path publish(String name, PublishOptions options) throws Exception {
    Path medium = folder.resolve(name);
    vendor.publish(medium, options.withBootstrapKeys(classical, quantum));
    return medium;
  }

  private Path publish(String name) throws Exception {
    return publish(name, PublishOptions.FOLDER.withBootstrap(Optional.of(genuine)));
  }

  /** An archive whose {@code cloister} says who it is and how it was called. */
  private Path programs(String name) throws Exception {
    Path programs = folder.resolve(name);
    Path cloister = Files.createDirectories(programs.resolve("cloister/bin")).resolve("cloister");
    Files.writeString(cloister, "#!/bin/sh\necho \"this is %s: $*\"%n".formatted(name));
    Files.setPosixFilePermissions(cloister, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path archive = folder.resolve(name + ".tar.gz");
    person.run("tar", "-czf", archive.toString(), "-C", programs.toString(), "cloister");
    return archive;
  }

  private Said types(Path medium) throws Exception {
    return person.types(lines, medium, classical.fingerprint());
  }

  private void assertRefused(Path medium, String reason) throws Exception {
    Said said = types(medium);
    assertThat(said.status()).as(said.text()).isNotZero();
    assertThat(said.text()).contains(reason).doesNotContain("this is ");
  }

  @Test
  void theLinesOfTheReadmeProveAMediumAndInstallFromIt() throws Exception {
    Path medium = publish("medium");
    Said said = types(medium);
    assertThat(said.status()).as(said.text()).isZero();
    assertThat(said.text())
        .containsSubsequence("CMS Verification successful", "setup.sh: OK")
        .contains("this is genuine: install " + medium);
  }

  @Test
  void withoutABootstrapTheyProveTheWholeList() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER);
    List<String> whole = Newcomer.lines(medium.resolve("README.txt"));
    Said said = person.types(whole, medium, classical.fingerprint());
    assertThat(said.status()).as(said.text()).isZero();
    assertThat(said.text()).contains("README.txt: OK", "metadata/timestamp.json: OK");
  }

  @Test
  void refusesAListThatWasChanged() throws Exception {
    Path medium = publish("medium");
    Path sums = medium.resolve(SUMS);
    Files.writeString(sums, Files.readString(sums).replace("README.txt", "README.txT"));
    assertRefused(medium, "CMS Verification failure");
  }

  /** An attacker's medium: what is to run, the list of it, and the signature of anybody's key. */
  private Path forge(String signer) throws Exception {
    Path medium = publish("forged");
    Path setup = Files.writeString(medium.resolve("setup.sh"), "echo this is evil\n");
    Files.writeString(medium.resolve(SUMS), Sha256.of(Files.readAllBytes(setup)) + "  setup.sh\n");
    Said said =
        person.run(
            "openssl cms -sign -binary -outform DER -in %s/SHA256SUMS -out %1$s/SHA256SUMS.p384.p7s %s"
                .formatted(medium, signer));
    assertThat(said.status()).as(said.text()).isZero();
    return medium;
  }

  private void selfSigned(String name) throws Exception {
    Said said =
        person.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -nodes"
                + " -keyout %s.key -out %1$s.pem -subj /CN=%1$s -days 30".formatted(name));
    assertThat(said.status()).as(said.text()).isZero();
  }

  @Test
  void refusesASignatureByWhomThisMachinesAuthoritiesKnow() throws Exception {
    selfSigned("authority");
    Said made =
        person.run(
            """
            set -e
            cp authority.pem "$SSL_CERT_DIR/$(openssl x509 -in authority.pem -noout -hash).0"
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -nodes \
              -keyout anybody.key -out anybody.csr -subj /CN=anybody.example
            openssl x509 -req -in anybody.csr -CA authority.pem -CAkey authority.key \
              -CAcreateserial -out anybody.pem -days 30
            """);
    assertThat(made.status()).as(made.text()).isZero();
    Path medium = forge("-signer anybody.pem -inkey anybody.key -certfile authority.pem");
    assertThat(person.run("cd %s && %s".formatted(medium, WEAK)).status()).isZero();
    assertRefused(medium, "signer certificate not found");
  }

  @Test
  void refusesASignatureByASecondCertificateBesideTheVendors() throws Exception {
    selfSigned("attacker");
    Path medium = forge("-signer attacker.pem -inkey attacker.key");
    person.run("cat attacker.pem >>%s/vendor.p384.pem".formatted(medium));
    assertThat(person.run("cd %s && %s".formatted(medium, WEAK)).status()).isZero();
    assertRefused(medium, "signer certificate not found");
  }

  @Test
  void refusesASetupThatTheSignedListDoesNotName() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER);
    Files.writeString(medium.resolve("setup.sh"), "echo this is evil\n");
    assertThat(person.run("cd %s && sha256sum --check SHA256SUMS".formatted(medium)).status())
        .isZero();
    assertRefused(medium, "CMS Verification successful");
  }

  @Test
  void refusesProgramsThatTheSignedListDoesNotMean() throws Exception {
    Path medium = publish("medium");
    Files.copy(programs("evil"), removed(medium.resolve(Publication.BOOTSTRAP)));
    assertRefused(medium, "[MEDIA-DAMAGED]");
    Files.delete(medium.resolve(Publication.BOOTSTRAP));
    person.run("rm -r check");
    assertRefused(medium, "[MEDIA-UNREADABLE]");
  }

  private static Path removed(Path file) throws Exception {
    Files.delete(file);
    return file;
  }

  /** A pipe gives the right archive to the first who reads it; then another one lies there. */
  @Test
  void runsTheProgramsThatItCheckedWhateverASecondReadWouldGive() throws Exception {
    Path medium = publish("medium");
    Path archive = removed(medium.resolve(Publication.BOOTSTRAP));
    assertThat(person.run("mkfifo", archive.toString()).status()).isZero();
    String drive = "cat %s >%s; mv %s %2$s".formatted(genuine, archive, programs("evil"));
    Process process = new ProcessBuilder("timeout", "60", "sh", "-c", drive).start();
    assertThat(types(medium).text()).contains("this is genuine: install").doesNotContain("evil");
    assertThat(process.waitFor()).isZero();
  }

  /** As where the disk is full: tar says so, and ends with 2. */
  @Test
  void whatCannotBeUnpackedIsSaidAsEveryRefusalIs() throws Exception {
    Path medium = publish("medium");
    Said said =
        person.run(
            """
            mkdir check bin && cp %s/setup.sh %1$s/SHA256SUMS check
            printf '#!/bin/sh\necho no space left; exit 2\n' >bin/tar && chmod +x bin/tar
            PATH=$PWD/bin:$PATH TMPDIR=$PWD sh check/setup.sh %1$s
            """
                .formatted(medium));
    assertThat(said.status()).as(said.text()).isEqualTo(4);
    assertThat(said.text()).contains("no space left", "[HOST-DISK]", "TMPDIR=/");
    assertThat(person.run("ls").text()).isEqualTo("bin\ncheck\n");
  }

  @Test
  void setupAsksForTheMediumByItsName() throws Exception {
    Path setup = publish("medium").resolve("setup.sh");
    for (String first : List.of("", "--dry-run")) {
      Said said = person.run("sh %s %s".formatted(setup, first));
      assertThat(said.status()).isEqualTo(2);
      assertThat(said.text()).contains("[USAGE-ARGUMENTS]", "sh " + setup + " /media/stick");
    }
  }

  @Test
  void everyDocumentShowsTheLinesOfTheReadme() throws Exception {
    Path root = Golden.docs().resolve("..");
    assertThat(Files.readString(root.resolve("README.md"))).contains(lines);
    assertThat(Files.readString(root.resolve("docs/operating/install.md"))).contains(lines);
    assertThat(Files.readString(root.resolve("scripts/lib/demo.sh")))
        .contains(MediumReadme.verifyCommand(SUMS, "SHA256SUMS.p384.p7s", "p384.pem"));
    assertThat(Files.readString(root.resolve("docs/format/medium.md")))
        .contains(Newcomer.lines(publish("update", PublishOptions.FOLDER).resolve("README.txt")));
  }

  @Test
  void theReadmeTellsNothingThatOnlyTheLetterMay() throws Exception {
    Path medium = publish("medium");
    String readme = Files.readString(medium.resolve("README.txt"), StandardCharsets.US_ASCII);
    for (BootstrapKey key : List.of(classical, quantum)) {
      assertThat(readme.replaceAll("\\s", ""))
          .contains(key.certificateFile())
          .doesNotContain(key.fingerprint());
    }
    Sha256 root = Sha256.of(Files.readAllBytes(medium.resolve("metadata/1.root.json")));
    assertThat(readme).doesNotContain(root.hex());
  }

  @Test
  void ourOwnToolsTakeTheMediumToo() throws Exception {
    Path medium = publish("medium");
    MediumClient client = MediumClient.open(Medium.folder(medium), vendor.trustInMemory(), NOW);
    client.verifyAll(client.refresh(), Progress.SILENT);
  }

  @Test
  void theSameRepositoryPublishesTheSameSignatures() throws Exception {
    assertThat(contents(publish("one"))).isEqualTo(contents(publish("two")));
  }

  private static Map<String, Sha256> contents(Path medium) throws Exception {
    Map<String, Sha256> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(medium)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(medium.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
