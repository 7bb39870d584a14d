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
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens are made, shown and revoked, and an auditor reads of it. */
final class TokenTest {
  @TempDir Path scratch;
  private Path root;
  private Operator operator;

  @BeforeEach
  void aMachineThatServes() throws Exception {
    root = scratch.resolve("host");
    operator = Operator.at(root);
    TestMedium medium =
        new TestMedium(scratch.resolve("medium"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m"), "first"));
    assertThat(operator.installs(medium.folder(), medium.anchor()).err()).isEmpty();
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private void refused(int exit, String code, String... words) {
    Seen seen = operator.types(words);
    assertThat(seen.exit()).as(seen.err()).isEqualTo(exit);
    assertThat(seen.err()).contains("[" + code + "]");
    assertThat(seen.out()).doesNotContain("clst_");
  }

  @Test
  void whatIsMadeIsPrintedAloneShownAndRevoked() {
    Seen made = operator.types("token", "create", "app");
    assertThat(made.err()).isEmpty();
    assertThat(made.out()).isEqualTo("clst_of-app\n");
    operator.types("token", "create", "nurse-2", "--admin");
    assertThat(operator.types("token", "list").out())
        .containsPattern("name +role +made +last used")
        .containsPattern("app +USER +2026-11-28T18:00:00Z +not since 2026-11-29T06:00:00Z")
        .containsPattern("first +ADMIN +2026-11-28T18:00:00Z +2026-11-29T07:00:00Z")
        .containsPattern("nurse-2 +ADMIN")
        .doesNotContain("clst_");
    assertThat(operator.types("token", "revoke", "app").out())
        .isEqualTo("app is revoked; console sessions ended: 2\n");
    assertThat(operator.types("token", "list").out()).doesNotContain("app");
  }

  @Test
  void theLastAdministratorsTokenMayGoAndItIsSaidHowToMakeAnother() {
    Seen seen = operator.types("token", "revoke", "first");
    assertThat(seen.exit()).isZero();
    assertThat(seen.out())
        .contains("first is revoked", "warning: no administrator's token is left")
        .contains("cloister --root " + root + " token create NAME --admin");
    assertThat(operator.types("token", "create", "first", "--admin").exit()).isZero();
  }

  @Test
  void aFileTakesTheTokenAndNobodyElseReadsIt() throws Exception {
    Path file = scratch.resolve("token");
    Seen seen = operator.types("token", "create", "app", "--token-file", file.toString());
    assertThat(seen.out()).isEqualTo("the token is in " + file + "\n");
    assertThat(file).hasContent("clst_of-app");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    refused(2, "USAGE-TOKEN-FILE", "token", "create", "other", "--token-file", file.toString());
    assertThat(operator.types("token", "list").out()).doesNotContain("other");
  }

  @Test
  void aProgramReadsThem() {
    assertThat(operator.types("token", "create", "app", "--json").out())
        .contains("\"name\":\"app\",\"role\":\"USER\",\"token\":\"clst_of-app\"")
        .contains("\"token_file\":null");
    assertThat(operator.types("token", "list", "--json").out())
        .contains("\"used_since\":\"2026-11-29T06:00:00.456Z\"", "\"used_at\":null");
    assertThat(operator.types("token", "revoke", "app", "--json").out())
        .contains("\"sessions_ended\":2,\"administrators\":1");
  }

  @Test
  void theAuditTrailTellsOfThem() {
    operator.types("token", "create", "app", "--admin");
    operator.types("token", "revoke", "app");
    assertThat(operator.types("policy", "show").out())
        .contains("whole")
        .contains("\"event\":\"token_create\",\"name\":\"app\",\"role\":\"ADMIN\"")
        .contains("\"event\":\"token_revoke\",\"name\":\"app\"")
        .doesNotContain("clst_");
  }

  @Test
  void whatStandsAgainstItIsSaid() throws Exception {
    refused(2, "TOKEN-EXISTS", "token", "create", "first");
    refused(2, "TOKEN-UNKNOWN", "token", "revoke", "app");
    refused(2, "USAGE-TOKEN-NAME", "token", "create", "App");
    refused(2, "USAGE-TOKEN-NAME", "token", "revoke", "no more");
    misbehaves("token-too_many", 2, "TOKEN-TOO-MANY");
    misbehaves("token-not_stored", 4, "TOKEN-NOT-STORED");
    misbehaves("token-silence", 6, "TOKEN-UNANSWERED");
    assertThat(operator.types("policy", "show").out()).doesNotContain("App");
  }

  private void misbehaves(String how, int exit, String code) throws Exception {
    Path file = root.resolve("opt/cloister/releases/0.1.0").resolve(how);
    Files.writeString(file, "");
    refused(exit, code, "token", "create", "app");
    Files.delete(file);
  }

  @Test
  void aServiceThatDoesNotRunAndAnotherCommandAtWorkAreSaid() throws Exception {
    try (HostLock _ = HostLock.take(new HostPaths(root))) {
      refused(6, "SLOT-BUSY", "token", "revoke", "first");
    }
    operator.types("stop");
    refused(8, "SERVICE-DOWN", "token", "create", "app");
    refused(8, "SERVICE-DOWN", "token", "list");
    assertThat(operator.types("policy", "show").out()).doesNotContain("token_create");
  }
}
