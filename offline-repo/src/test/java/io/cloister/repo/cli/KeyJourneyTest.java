package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Progress;
import io.cloister.repo.keys.PublicKeys;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor's keys over the years, typed as a vendor types, and a customer who follows. */
final class KeyJourneyTest {
  private static final Instant NOW = SigningRepository.NOW;
  private static final String ONLINE =
      " --key @/targets.pem --key @/snapshot.pem --key @/timestamp.pem --key @/vision.pem";

  @TempDir Path folder;
  private Typed vendor = new Typed(Path.of(""), NOW);

  /** Root keys lie on three machines; only their public halves come here. */
  @BeforeEach
  void makeRepository() throws IOException {
    vendor = new Typed(folder, NOW);
    Files.writeString(folder.resolve("passphrase"), "correct horse battery staple\n");
    for (String name : new String[] {"root1", "root2", "root3"}) {
      String secret = " --passphrase-file @/passphrase";
      vendor.type("key generate @/" + name + ".pem" + (name.equals("root1") ? secret : ""));
      write(name, vendor.type("key public @/" + name + ".pem --passphrase-file @/passphrase"));
    }
    for (String name : new String[] {"targets", "snapshot", "timestamp", "timestamp2", "vision"}) {
      vendor.type("key generate @/" + name + ".pem");
      write(name, vendor.type("key public @/" + name + ".pem"));
    }
    vendor.type(
        "init @/repo --root @/root1.pub --root @/root2.pub --root @/root3.pub --threshold root=2"
            + " --targets @/targets.pub --snapshot @/snapshot.pub --timestamp @/timestamp.pub");
  }

  private void write(String name, String pem) throws IOException {
    assertThat(pem).startsWith("-----BEGIN PUBLIC KEY-----").doesNotContain("PRIVATE");
    Files.writeString(folder.resolve(name + ".pub"), pem);
  }

  /** Out to two keepers, one after the other, and back. */
  private String signRoot(String name, String one, String two) {
    vendor.type("role export @/repo root @/" + name);
    vendor.type("role sign @/" + name + " --key @/" + one + " --passphrase-file @/passphrase");
    vendor.type("role sign @/" + name + " --key @/" + two + " --passphrase-file @/passphrase");
    return vendor.type("role import @/repo @/" + name);
  }

  private void add(String kind, String name, String version) throws IOException {
    Path content = Files.createDirectories(folder.resolve("content-" + name + version));
    Files.writeString(content.resolve("file"), name + version);
    vendor.type(
        "add @/repo @/content-%s%s --kind %s --name %s --version %s"
            .formatted(name, version, kind, name, version));
  }

  private Catalog follow(Path trust, String medium, String digest) throws Exception {
    Anchor anchor = Anchor.parse(digest);
    MediumClient client =
        MediumClient.open(
            Medium.folder(folder.resolve(medium)),
            TrustStore.at(trust, anchor),
            NOW.plus(Duration.ofDays(1)));
    Catalog catalog = client.refresh();
    client.verifyAll(catalog, Progress.SILENT);
    client.persist();
    return catalog;
  }

  @Test
  void aCustomerFollowsAnOfflineRootADelegationARotationAndARevocation() throws Exception {
    vendor.refused("publish @/repo @/too-early", "USAGE-REPOSITORY");
    String imported = signRoot("first.json", "root1.pem", "root2.pem");
    String last = imported.lines().toList().getLast();
    assertThat(last).startsWith("sha256:").endsWith("  digest of the first root, for your letter");
    String digest = last.split(" ", 2)[0];

    add("model", "vision-digits", "1.0.0");
    add("runtime", "linux-x64", "1.0.0");
    vendor.type("delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub");
    vendor.type("sign @/repo" + ONLINE);
    vendor.type("publish @/repo @/m1");
    assertThat(folder.resolve("m1/metadata/1.models%2Fvision.json")).exists();
    Catalog first = follow(folder.resolve("early"), "m1", digest);
    follow(folder.resolve("late"), "m1", digest);
    assertThat(first.packages()).hasSize(2);
    assertThat(vendor.type("inspect @/m1"))
        .contains("package   model-vision-digits-1.0.0, 1 files")
        .contains("by models/vision")
        .contains("role      models/vision, version 1, 1 of 1 keys")
        .contains("delegated model-vision-*.json")
        .contains("role      root, version 1, 2 of 3 keys")
        .contains("  key     " + keyOf("root3.pem") + ", ed25519");

    rotateTimestamp();
    vendor.type("publish @/repo @/m2");
    assertThat(follow(folder.resolve("early"), "m2", digest).rootVersion()).isEqualTo(2);

    revokeRoot();
    add("model", "vision-digits", "1.1.0");
    vendor.type("sign @/repo --key @/timestamp2.pem --key @/snapshot.pem --key @/vision.pem");
    vendor.type("publish @/repo @/m3");
    Catalog third = follow(folder.resolve("late"), "m3", digest);
    assertThat(third.rootVersion()).as("skipped a medium").isEqualTo(3);
    assertThat(third.packages()).hasSize(3);
    assertThat(follow(folder.resolve("early"), "m3", digest).packages()).hasSize(3);
  }

  private void rotateTimestamp() throws Exception {
    String old = keyOf("timestamp.pem");
    String command = "rotate @/repo timestamp --add @/timestamp2.pub --remove " + old;
    Map<String, Sha256> before = contents(folder.resolve("repo"));
    String shown = vendor.type(command + " --dry-run");
    assertThat(shown)
        .contains("root version 2")
        .contains("+ key of timestamp: " + keyOf("timestamp2.pem") + ", ed25519")
        .contains("- key of timestamp: " + old + ", ed25519")
        .contains("root version 2: 2 signatures by the keys of root version 1:")
        .contains("then timestamp must be signed again");
    assertThat(contents(folder.resolve("repo"))).isEqualTo(before);
    vendor.type(command);
    assertThat(vendor.type("verify @/repo")).contains("warning: root version 2 waits");
    signRoot("second.json", "root1.pem", "root3.pem");
    vendor.refused("sign @/repo --key @/timestamp.pem", "USAGE-KEY-ROLE");
    vendor.type("sign @/repo --key @/timestamp2.pem");
  }

  private void revokeRoot() throws Exception {
    String lost = keyOf("root2.pem");
    assertThat(vendor.type("revoke @/repo " + lost.substring(0, 12)))
        .contains("- key of root: " + lost)
        .contains("threshold of root: 2 of 2 keys");
    vendor.type("role export @/repo root @/third.json");
    vendor.type("role sign @/third.json --key @/root3.pem");
    vendor.answer("correct horse battery staple");
    assertThat(vendor.type("role sign @/third.json --key @/root1.pem"))
        .contains("compared with version 2")
        .contains("signatures 2 of 2 by the keys of root version 3");
    vendor.type("role import @/repo @/third.json");
    assertThat(vendor.refused("revoke @/repo " + keyOf("root3.pem"), "USAGE-THRESHOLD"))
        .contains("threshold 2 different keys");
  }

  private String keyOf(String file) throws IOException {
    return PublicKeys.parsePem(Files.readString(folder.resolve(file.replace("pem", "pub")))).id();
  }

  @Test
  void theSameRepositoryIsPublishedTwiceAsTheSameBytesWheneverThatIs() throws Exception {
    signRoot("first.json", "root1.pem", "root2.pem");
    add("model", "vision-digits", "1.0.0");
    vendor.type("delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub");
    vendor.type("sign @/repo" + ONLINE);
    vendor.type("publish @/repo @/one");
    vendor.at(NOW.plus(Duration.ofDays(40)));
    vendor.type("publish @/repo @/two");
    assertThat(contents(folder.resolve("one"))).isEqualTo(contents(folder.resolve("two")));
  }

  static Map<String, Sha256> contents(Path folder) throws IOException {
    Map<String, Sha256> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
