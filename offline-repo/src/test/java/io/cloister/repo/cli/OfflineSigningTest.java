package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.keys.PublicKeys;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that go out to be signed and come back, also by hands that mean harm. */
final class OfflineSigningTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Typed vendor = new Typed(Path.of(""), SigningRepository.NOW);
  private String manifest = "";

  @BeforeEach
  void makeRepository() throws IOException {
    vendor = new Typed(folder, SigningRepository.NOW);
    for (String name : new String[] {"root1", "root2", "root3", "targets", "online", "other"}) {
      vendor.type("key generate @/" + name + ".pem");
      Files.writeString(
          folder.resolve(name + ".pub"), vendor.type("key public @/" + name + ".pem"));
    }
    vendor.type(
        "init @/repo --root @/root1.pem --root @/root2.pem --root @/root3.pub --threshold root=2"
            + " --targets @/targets.pub --snapshot @/online.pub --timestamp @/online.pub");
    Files.createDirectory(folder.resolve("content"));
    Files.writeString(folder.resolve("content/file"), "content");
    String added = vendor.type("add @/repo @/content --kind model --name digits --version 1.0.0");
    assertThat(added).matches("added model-digits-1\\.0\\.0: .*, manifest sha256:[0-9a-f]{64}\n");
    manifest = added.substring(added.indexOf("sha256:")).strip();
  }

  @FunctionalInterface
  private interface Edit {
    void in(ObjectNode document) throws Exception;
  }

  private void edit(String file, Edit change) throws Exception {
    ObjectNode document = (ObjectNode) JSON.readTree(folder.resolve(file).toFile());
    change.in(document);
    Files.write(folder.resolve(file), JSON.writeValueAsBytes(document));
  }

  private Key key(String name) throws IOException {
    return PublicKeys.parsePem(Files.readString(folder.resolve(name + ".pub")));
  }

  private static ObjectNode at(ObjectNode document, String pointer) {
    return (ObjectNode) document.at(pointer);
  }

  @Test
  void keepersSignCopiesOfOneExportInAnyOrderAndALateSignatureChangesNothing() throws Exception {
    vendor.type("rotate @/repo targets --add @/other.pub --threshold 2");
    vendor.type("role export @/repo root @/a");
    Files.copy(folder.resolve("a"), folder.resolve("b"));
    Files.copy(folder.resolve("a"), folder.resolve("c"));
    vendor.type("role sign @/a --key @/root1.pem");
    vendor.type("role sign @/b --key @/root3.pem");
    vendor.type("role sign @/c --key @/root2.pem");
    assertThat(vendor.type("role import @/repo @/b"))
        .contains("1 new signatures")
        .contains("1 of 2 by root version 1 and 1 of 2 by root version 2, waiting");
    assertThat(vendor.type("role import @/repo @/b")).contains("0 new signatures");
    assertThat(vendor.type("role import @/repo @/a")).contains("1 new signatures");
    byte[] root = Files.readAllBytes(folder.resolve("repo/metadata/2.root.json"));
    assertThat(vendor.type("role import @/repo @/c")).contains("0 new signatures");
    assertThat(Files.readAllBytes(folder.resolve("repo/metadata/2.root.json"))).isEqualTo(root);
    assertThat(folder.resolve("repo/staged/root.json")).doesNotExist();
  }

  @Test
  void whatIsSignedIsShownAndOnlyKeysOfTheRoleSignIt() throws Exception {
    assertThat(vendor.type("role export @/repo targets @/file"))
        .contains("targets version 1, made 2026-11-22T00:00:00Z, the first")
        .contains("+ package model-digits-1.0.0.json, manifest " + manifest)
        .contains("signatures 0 of 1 by the keys of root version 1");
    vendor.refused("role export @/repo targets @/file", "USAGE-EXISTS");
    vendor.refused("role sign @/file --key @/online.pem", "USAGE-KEY-ROLE");
    vendor.refused("role export @/repo models @/none", "USAGE-ROLE");
    assertThat(vendor.type("role sign @/file")).contains("signatures 0 of 1");
    vendor.type("role sign @/file --key @/targets.pem");
    assertThat(vendor.type("role import @/repo @/file")).contains("signatures 1 of 1, expires");
    vendor.refused("role export @/repo targets @/again", "USAGE-REPOSITORY");
    assertThat(vendor.type("sign @/repo --key @/online.pem")).contains("timestamp  version 1");
  }

  @Test
  void refusesToSignWhatItDoesNotShow() throws Exception {
    vendor.type("role export @/repo targets @/file");
    Path good = Files.copy(folder.resolve("file"), folder.resolve("good"));
    refusedAfter(good, document -> at(document, "/signed").put("succinct_roles", 1));
    refusedAfter(
        good,
        document ->
            at(document, "/signed")
                .putObject("delegations")
                .put("succinct_roles", 1)
                .set("keys", JSON.createObjectNode()));
    refusedAfter(good, document -> at(document, "/signed").put("version", Long.MAX_VALUE));
    refusedAfter(
        good,
        document ->
            at(document, "/signed/targets/model-digits-1.0.0.json")
                .putObject("custom")
                .put("also", "this"));
    refusedAfter(good, document -> document.put("role", "snapshot"));
    refusedAfter(good, document -> document.put("role", "../targets"));
    refusedAfter(good, document -> document.remove("delegator"));
    refusedAfter(good, document -> document.remove("signed"));
    Files.writeString(folder.resolve("file"), "{\"role\":\"targets\"");
    vendor.refused("role sign @/file --key @/targets.pem", "USAGE-ROLE-FILE");
  }

  private void refusedAfter(Path good, Edit change) throws Exception {
    refusedAfter(good, "targets", change);
  }

  private String refusedAfter(Path good, String signer, Edit change) throws Exception {
    Files.copy(good, folder.resolve("file"), StandardCopyOption.REPLACE_EXISTING);
    edit("file", change);
    return vendor.refused("role sign @/file --key @/" + signer + ".pem", "USAGE-ROLE-FILE");
  }

  /** Puts a key under the id of another, which stays. */
  private void swap(ObjectNode keys, String genuine, String foreign) throws IOException {
    at(keys, "/" + key(genuine).id() + "/keyval").put("public", key(foreign).publicValue());
  }

  @Test
  void refusesToSignAKeyUnderTheIdOfAnother() throws Exception {
    vendor.type("role export @/repo root @/root --renew");
    assertThat(
            refusedAfter(
                folder.resolve("root"),
                "root1",
                document -> swap(at(document, "/signed/keys"), "targets", "other")))
        .contains("the key " + key("other").id() + " under the id " + key("targets").id());
    vendor.type("delegate @/repo models --path model-*.json --key @/root3.pub");
    vendor.type("role export @/repo targets @/targets");
    refusedAfter(
        folder.resolve("targets"),
        "targets",
        document -> swap(at(document, "/signed/delegations/keys"), "root3", "other"));
    refusedAfter(
        folder.resolve("targets"),
        "targets",
        document -> swap(at(document, "/delegator/signed/keys"), "online", "other"));
  }

  @Test
  void refusesAPreviousRootThatOthersSignedUnderTheIdsOfItsKeepers() throws Exception {
    vendor.type("role export @/repo root @/root --renew");
    refusedAfter(
        folder.resolve("root"),
        "root1",
        document -> {
          ObjectNode previous = at(document, "/previous");
          swap(at(previous, "/signed/keys"), "root1", "other");
          swap(at(previous, "/signed/keys"), "root2", "online");
          var signatures = previous.putArray("signatures");
          byte[] signed = Signed.parseRoot(JSON.writeValueAsBytes(previous), "it").canonical();
          for (var forged : Map.of("root1", "other", "root2", "online").entrySet()) {
            String pem = Files.readString(folder.resolve(forged.getValue() + ".pem"));
            signatures
                .addObject()
                .put("keyid", key(forged.getKey()).id())
                .put("sig", SigningKey.parsePem(pem).sign(signed).sig());
          }
        });
  }

  @Test
  void aPackageOfTheSameNameWithOtherContentIsShownWithBothDigests() throws Exception {
    vendor.type("sign @/repo --key @/targets.pem --key @/online.pem");
    vendor.type("role export @/repo targets @/file --renew");
    String other = "f".repeat(64);
    edit(
        "file",
        document ->
            at(document, "/signed/targets/model-digits-1.0.0.json/hashes").put("sha256", other));
    assertThat(vendor.type("role sign @/file"))
        .contains("! package model-digits-1.0.0.json has other content: manifest sha256:" + other)
        .contains(" instead of " + manifest);
  }

  @Test
  void noNameInAFileWritesToTheTerminalOfWhoSignsIt() throws Exception {
    vendor.type("role export @/repo targets @/file");
    edit(
        "file",
        document -> {
          ObjectNode targets = at(document, "/signed/targets");
          targets.set("a\u001b[2K\nb\u202e", targets.get("model-digits-1.0.0.json"));
        });
    assertThat(vendor.type("role sign @/file"))
        .contains("+ package a\ufffd[2K\ufffdb\ufffd, manifest");
  }

  @Test
  void refusesARootThatDoesNotFollowAProperlySignedOne() throws Exception {
    vendor.type("rotate @/repo root --add @/other.pub");
    vendor.type("role export @/repo root @/file");
    edit("file", document -> at(document, "/previous").putArray("signatures"));
    assertThat(vendor.refused("role sign @/file --key @/root1.pem", "USAGE-ROLE-FILE"))
        .contains("previous has 0 of 2 signatures");
  }

  @Test
  void refusesSignaturesForAnythingButWhatWaitsAndIgnoresForgedOnes() throws Exception {
    vendor.type("role export @/repo targets @/old");
    vendor.type("role sign @/old --key @/targets.pem");
    vendor.type("add @/repo @/content --kind model --name digits --version 1.1.0");
    vendor.type("role export @/repo targets @/new");
    vendor.refused("role import @/repo @/old", "USAGE-STAGED");
    String forged = JSON.readTree(folder.resolve("old").toFile()).at("/signatures/0/sig").asText();
    String id = JSON.readTree(folder.resolve("old").toFile()).at("/signatures/0/keyid").asText();
    edit(
        "new",
        document ->
            document.putArray("signatures").addObject().put("keyid", id).put("sig", forged));
    assertThat(vendor.type("role import @/repo @/new"))
        .contains("0 new signatures, 1 that do not count")
        .contains("signatures 0 of 1, waiting");
  }

  @Test
  void aForgedSignatureUnderAKeepersIdKeepsNobodyFromSigning() throws Exception {
    vendor.type("role export @/repo targets @/file");
    String id = key("targets").id();
    edit(
        "file",
        document -> document.putArray("signatures").addObject().put("keyid", id).put("sig", "00"));
    assertThat(vendor.type("role sign @/file --key @/targets.pem"))
        .contains("signatures 1 of 1 by the keys of root version 1");
    assertThat(vendor.type("role import @/repo @/file"))
        .contains("1 new signatures, 0 that do not count");
  }

  @Test
  void aPowerCutAfterAVersionCameIntoForceLeavesNothingWaiting() throws Exception {
    vendor.type("role export @/repo targets @/file");
    byte[] staged = Files.readAllBytes(folder.resolve("repo/staged/targets.json"));
    vendor.type("sign @/repo --key @/targets.pem --key @/online.pem");
    Files.write(folder.resolve("repo/staged/targets.json"), staged);
    assertThat(vendor.type("verify @/repo")).doesNotContain("waits");
    vendor.refused("role export @/repo targets @/again", "USAGE-REPOSITORY");
  }

  @Test
  void renewingTellsBothDatesAndLeavesRootToItsKeepers() {
    vendor.type("sign @/repo --key @/targets.pem --key @/online.pem");
    vendor.at(SigningRepository.NOW.plus(Duration.ofDays(100)));
    assertThat(vendor.type("sign @/repo --renew --key @/online.pem --key @/root1.pem").lines())
        .contains(
            "targets    version 1, signatures 1 of 1, expires 2027-11-22T00:00:00Z",
            "timestamp  version 2, signatures 1 of 1, expires 2028-03-01T00:00:00Z"
                + " instead of 2027-11-22T00:00:00Z")
        .noneMatch(line -> line.startsWith("root") && line.contains("version 2"));
    vendor.type("role export @/repo root @/file --renew");
    assertThat(vendor.type("role sign @/file --key @/root1.pem"))
        .contains("compared with version 1")
        .contains("expires 2032-02-29T00:00:00Z instead of 2031-11-21T00:00:00Z");
  }

  @Test
  void anInitThatWasCutShortIsNotTakenUpWithOtherKeys() throws Exception {
    Files.delete(folder.resolve("repo/repository.json"));
    String keys = " --targets @/targets.pub --snapshot @/online.pub --timestamp @/online.pub";
    vendor.refused("init @/repo --root @/other.pem" + keys, "USAGE-EXISTS");
  }
}
