package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.keys.PublicKeys;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may sign which packages, and what becomes of it when keys change. */
final class DelegationAndRevocationTest {
  private static final String ONLINE = " --key @/targets.pem --key @/online.pem";

  @TempDir Path folder;
  private Typed vendor = new Typed(Path.of(""), SigningRepository.NOW);

  @BeforeEach
  void makeRepository() throws IOException {
    vendor = new Typed(folder, SigningRepository.NOW);
    for (String name : new String[] {"root", "targets", "online", "vision", "other"}) {
      vendor.type("key generate @/" + name + ".pem");
      Files.writeString(
          folder.resolve(name + ".pub"), vendor.type("key public @/" + name + ".pem"));
    }
    vendor.type(
        "init @/repo --root @/root.pem --targets @/targets.pem --snapshot @/online.pem"
            + " --timestamp @/online.pem");
    Files.createDirectory(folder.resolve("content"));
    Files.writeString(folder.resolve("content/file"), "content");
    add("model", "vision-a");
    add("model", "text-a");
    vendor.type("sign @/repo" + ONLINE);
  }

  private void add(String kind, String name) {
    vendor.type("add @/repo @/content --kind " + kind + " --name " + name + " --version 1.0.0");
  }

  private String id(String name) throws IOException {
    return PublicKeys.parsePem(Files.readString(folder.resolve(name + ".pub"))).id();
  }

  @Test
  void mediaStayAsTheyWereUntilADelegationIsSignedByBoth() {
    vendor.type("publish @/repo @/before");
    assertThat(
            vendor.type(
                "delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub"))
        .contains("+ delegated role models/vision: model-vision-*.json")
        .contains("- package model-vision-a-1.0.0.json")
        .contains("targets version 2: 1 signatures by the keys of root version 1:");
    vendor.type("sign @/repo" + ONLINE);
    vendor.type("sign @/repo --renew --key @/online.pem");
    vendor.type("publish @/repo @/between");
    assertThat(vendor.type("inspect @/between"))
        .contains("model-vision-a-1.0.0, 1 files, 7 bytes, by targets");
    vendor.type("sign @/repo --key @/vision.pem");
    vendor.type("sign @/repo --key @/online.pem");
    vendor.type("publish @/repo @/after");
    assertThat(vendor.type("inspect @/after"))
        .contains("model-vision-a-1.0.0, 1 files, 7 bytes, by models/vision")
        .contains("model-text-a-1.0.0, 1 files, 7 bytes, by targets");
  }

  @Test
  void whileANarrowerDelegationWaitsTheRoleKeepsWhatNobodyElseHas() {
    vendor.type("delegate @/repo models --path model-*.json --key @/other.pub");
    vendor.type("sign @/repo" + ONLINE + " --key @/other.pem");
    vendor.type("delegate @/repo models --path model-vision-*.json");
    add("model", "vision-b");
    vendor.type("sign @/repo --key @/other.pem --key @/online.pem");
    vendor.type("publish @/repo @/between");
    assertThat(vendor.type("inspect @/between"))
        .contains("model-text-a-1.0.0, 1 files, 7 bytes, by models,")
        .contains("model-vision-b-1.0.0, 1 files, 7 bytes, by models,");
    vendor.type("sign @/repo" + ONLINE);
    vendor.type("publish @/repo @/after");
    vendor.type("sign @/repo --key @/other.pem --key @/online.pem");
    vendor.type("publish @/repo @/last");
    for (String medium : new String[] {"after", "last"}) {
      assertThat(vendor.type("inspect @/" + medium))
          .contains("model-text-a-1.0.0, 1 files, 7 bytes, by targets,")
          .contains("model-vision-a-1.0.0, 1 files, 7 bytes, by models,");
    }
  }

  @Test
  void aPackageBelongsToTheFirstRoleThatMatches() {
    vendor.type("delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub");
    vendor.type("delegate @/repo models/* --path model-*.json --key @/other.pub");
    vendor.type("sign @/repo" + ONLINE + " --key @/vision.pem --key @/other.pem");
    assertThat(vendor.type("inspect @/repo"))
        .contains("model-vision-a-1.0.0, 1 files, 7 bytes, by models/vision")
        .contains("model-text-a-1.0.0, 1 files, 7 bytes, by models/*");
    assertThat(vendor.type("delegate @/repo models/vision --path model-none-*.json"))
        .contains("paths of models/vision: model-none-*.json instead of model-vision-*.json");
    vendor.refused("delegate @/repo models/vision --path x --key @/other.pub", "USAGE-ARGUMENT");
    vendor.refused("delegate @/repo runtime --path runtime-*.json", "USAGE-ARGUMENT");
    vendor.refused("delegate @/repo snapshot --path x --key @/other.pub", "USAGE-ARGUMENT");
    vendor.refused("delegate @/repo ../x --path x --key @/other.pub", "USAGE-ARGUMENT");
  }

  @Test
  void aDelegationIsTakenBackAndItsPackagesFallToTargets() throws Exception {
    vendor.type("delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub");
    vendor.type("sign @/repo" + ONLINE + " --key @/vision.pem");
    assertThat(vendor.type("undelegate @/repo models/vision --dry-run"))
        .contains("- delegated role models/vision", "+ package model-vision-a-1.0.0.json")
        .contains("dry run: nothing was changed");
    assertThat(vendor.type("inspect @/repo")).contains("7 bytes, by models/vision");
    vendor.type("undelegate @/repo models/vision");
    vendor.type("sign @/repo" + ONLINE);
    vendor.type("publish @/repo @/medium");
    assertThat(vendor.type("inspect @/medium"))
        .contains("model-vision-a-1.0.0, 1 files, 7 bytes, by targets")
        .doesNotContain("models/vision", id("vision"));
    assertThat(Files.readString(folder.resolve("medium/metadata/3.targets.json")))
        .doesNotContain("delegations");
    assertThat(Files.readString(folder.resolve("medium/metadata/3.snapshot.json")))
        .contains("models/vision.json");
    vendor.refused("undelegate @/repo models/vision", "USAGE-ROLE");
    vendor.refused("undelegate @/repo targets", "USAGE-ARGUMENT");
  }

  @Test
  void onlyOneCommandAtATimeChangesARepository() throws Exception {
    add("model", "late");
    try (RepositoryLock _ = RepositoryLock.take(folder.resolve("repo"))) {
      for (String change :
          new String[] {
            "add @/repo @/content --kind model --name other --version 1.0.0",
            "sign @/repo" + ONLINE,
            "delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub",
            "rotate @/repo timestamp --add @/other.pub",
            "revoke @/repo " + id("online")
          }) {
        assertThat(vendor.refused(change, "USAGE-REPOSITORY-BUSY")).contains("/repo");
      }
      assertThat(vendor.type("verify @/repo"))
          .contains("model-late-1.0.0.json was added and is not signed")
          .contains("verified 2 packages");
    }
    vendor.type("sign @/repo" + ONLINE);
    assertThat(vendor.type("verify @/repo")).contains("verified 3 packages");
  }

  @Test
  void aDelegatedRolesKeyIsRotatedAndWhatTheOldOneSignedIsSignedAgain() throws Exception {
    vendor.type("delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub");
    vendor.type("sign @/repo" + ONLINE + " --key @/vision.pem");
    vendor.refused("rotate @/repo runtime --add @/other.pub", "USAGE-ROLE");
    vendor.refused("rotate @/repo models/vision", "USAGE-ARGUMENT");
    vendor.refused("rotate @/repo models/vision --remove 0123", "USAGE-KEY-ID");
    assertThat(
            vendor.type("rotate @/repo models/vision --add @/other.pub --remove " + id("vision")))
        .contains("then models/vision must be signed again");
    vendor.type("sign @/repo" + ONLINE + " --key @/other.pem");
    vendor.type("publish @/repo @/medium");
    assertThat(vendor.type("inspect @/medium"))
        .contains("role      models/vision, version 2, 1 of 1 keys")
        .contains(id("other"))
        .doesNotContain(id("vision"));
  }

  @Test
  void oneCommandRevokesAKeyFromEveryRoleThatHasIt() throws Exception {
    vendor.type(
        "delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub"
            + " --key @/other.pub --threshold 1");
    vendor.type("rotate @/repo targets --add @/other.pub");
    vendor.type("sign @/repo" + ONLINE + " --key @/root.pem --key @/other.pem");
    assertThat(vendor.type("verify @/repo"))
        .contains("key " + id("other") + " may sign models/vision, targets");
    String shown = vendor.type("revoke @/repo " + id("other"));
    assertThat(shown)
        .contains("- key of targets: " + id("other"))
        .contains("- key of models/vision: " + id("other"));
    vendor.type("sign @/repo" + ONLINE + " --key @/root.pem --key @/vision.pem");
    assertThat(vendor.type("inspect @/repo")).doesNotContain(id("other"));
    vendor.refused("revoke @/repo " + id("other"), "USAGE-KEY-ID");
    assertThat(vendor.refused("revoke @/repo " + id("vision"), "USAGE-THRESHOLD"))
        .contains("role      models/vision");
    vendor.refused("rotate @/repo targets --threshold 0", "USAGE-THRESHOLD");
    vendor.refused("rotate @/repo targets --threshold 2", "USAGE-THRESHOLD");
  }

  @Test
  void aSecondChangeOfRootDropsTheSignaturesOfTheFirstAndSaysSo() {
    vendor.type("rotate @/repo root --add @/other.pub --threshold 2");
    vendor.type("sign @/repo --key @/root.pem");
    assertThat(vendor.type("rotate @/repo targets --add @/vision.pub"))
        .contains("root version 2")
        .contains("+ key of root")
        .contains("the signatures that root has so far are for nothing");
  }

  @Test
  void aRepositoryShowsItsRolesAndKeysThoughNobodyWouldAcceptIt() throws Exception {
    vendor.type("rotate @/repo targets --remove " + id("targets") + " --add @/other.pub");
    vendor.type("delegate @/repo models/vision --path model-vision-*.json --key @/vision.pub");
    vendor.type("sign @/repo --key @/root.pem");
    vendor.at(SigningRepository.NOW.plus(SigningRepository.LIFETIME.multipliedBy(6)));
    assertThat(vendor.run("inspect @/repo")).isEqualTo(3);
    assertThat(vendor.printed())
        .contains("role      targets, version 1, 1 of 1 keys, expires 2027")
        .contains("  key     " + id("other") + ", ed25519\n")
        .contains("role      models/vision, version none, 1 of 1 keys")
        .contains("  key     " + id("vision") + ", ed25519")
        .contains("targets    version 2, signatures 0 of 1, waiting");
    assertThat(vendor.run("verify @/repo")).isEqualTo(3);
    assertThat(vendor.printed()).contains("warning: targets version 2 waits for signatures");
  }

  @Test
  void aRepositoryWhoseRootWaitsSaysSoAndWhoseKeysItWaitsFor() throws Exception {
    vendor.type(
        "init @/new --root @/root.pub --targets @/targets.pub --snapshot @/online.pub"
            + " --timestamp @/online.pub");
    for (String command : new String[] {"inspect @/new", "verify @/new"}) {
      assertThat(vendor.refused(command, "USAGE-REPOSITORY"))
          .contains("root is not signed to its threshold yet");
    }
    vendor.run("inspect @/new");
    assertThat(vendor.printed())
        .contains("role      root, version none, 1 of 1 keys, expires never")
        .contains("  key     " + id("online") + ", ed25519")
        .contains("root       version 1, signatures 0 of 1, waiting");
  }

  @Test
  void aKeyThatAWaitingRootBringsIsShownAsWaiting() throws Exception {
    vendor.type("rotate @/repo timestamp --add @/other.pub");
    assertThat(vendor.type("inspect @/repo"))
        .contains("  key     " + id("other") + ", ed25519, waiting")
        .contains("  key     " + id("online") + ", ed25519\n");
  }

  @Test
  void theVendorIsWarnedBeforeShippingOfWhatACustomerAccepts() throws Exception {
    add("model", "late");
    vendor.at(SigningRepository.NOW.plus(Duration.ofDays(340)));
    vendor.type("rotate @/repo timestamp --add @/other.pub");
    assertThat(vendor.type("verify @/repo").lines())
        .contains(
            "warning: model-late-1.0.0.json was added and is not signed",
            "warning: root version 2 waits for signatures",
            "warning: timestamp expires 2027-11-22T00:00:00Z; renew it before shipping",
            "warning: one key alone can sign root; a threshold of 2 or more is safer")
        .last()
        .asString()
        .startsWith("verified 2 packages, expires 2027-11-22T00:00:00Z, ");
    Path anchor = Files.writeString(folder.resolve("other-root"), "{}");
    assertThat(vendor.run("verify @/repo --trusted-root " + anchor)).isEqualTo(3);
    Files.delete(folder.resolve("repo/metadata/timestamp.json"));
    assertThat(vendor.run("verify @/repo")).isEqualTo(5);
  }
}
