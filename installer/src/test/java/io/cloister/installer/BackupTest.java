package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.backup.Swap;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import io.cloister.repo.trust.SitePolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the site's own, taken from one machine and put on another. */
final class BackupTest {
  private static final String SECRET = "a line nobody guesses";

  @TempDir Path scratch;
  private Operator operator;
  private HostPaths paths;
  private TestMedium medium;
  private Path secret;
  private Path file;

  @BeforeEach
  void aMachineThatServes() throws Exception {
    medium = new TestMedium(scratch.resolve("medium"));
    release("0.1.0");
    medium.add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(scratch.resolve("m"), "first"));
    operator = installed("host");
    paths = new HostPaths(operator.root());
    Files.writeString(paths.databases().resolve("0.1.0/data"), "token of the site");
    secret = Files.writeString(scratch.resolve("secret"), SECRET + "\n");
    file = scratch.resolve("site.backup");
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private void release(String version, String... misbehaviour) throws Exception {
    Path content = FakeRelease.write(scratch.resolve("r" + version), version);
    for (String each : misbehaviour) {
      Files.writeString(content.resolve(each), "");
    }
    medium.add(Kind.RUNTIME, "linux-x64", version, content);
  }

  private Operator installed(String name) throws Exception {
    Operator here = Operator.at(scratch.resolve(name));
    assertThat(here.installs(medium.folder(), medium.anchor()).err()).isEmpty();
    return here;
  }

  private Seen backsUp(String... more) {
    return operator.types(line("backup", more));
  }

  private Seen restores(String... more) {
    return operator.types(line("restore", more));
  }

  private String[] line(String command, String... more) {
    var line = new java.util.ArrayList<>(List.of(command, file.toString()));
    line.addAll(more.length > 0 ? List.of(more) : List.of("--passphrase-file", secret.toString()));
    return line.toArray(String[]::new);
  }

  private Path data() {
    return paths.databases().resolve("0.1.0/data");
  }

  /** Leaves nothing beside what it put in place. */
  private void nothingIsLeftOver() throws Exception {
    try (var all = Files.walk(operator.root())) {
      assertThat(all.map(Path::toString))
          .noneMatch(path -> path.endsWith(".before") || path.endsWith(".restored"))
          .noneMatch(path -> path.endsWith("restore.json") || path.endsWith("db/backup"));
    }
  }

  @Test
  void everythingOfTheSiteComesBackOnAnotherMachine() throws Exception {
    operator.types("policy", "set", "--staleness-days", "20");
    Files.writeString(paths.certificates().resolve("cert.pem"), "the site's");
    Files.writeString(paths.settings(), Files.readString(paths.settings()) + "# the site's\n");
    String settings = Files.readString(paths.settings());
    assertThat(backsUp().err()).isEmpty();
    nothingIsLeftOver();
    assertThat(operator.types("status").out()).contains("running");
    assertThat(operator.types("uninstall").exit()).isZero();

    operator = installed("host2");
    paths = new HostPaths(operator.root());
    byte[] counters = Files.readAllBytes(paths.trust().resolve("state.json"));
    Seen seen = restores();
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out())
        .contains("backup of 2026-06-01T12:00:00Z, made by release 0.1.0")
        .contains("release 0.1.0 serves with the data of 2026-06-01T12:00:00Z")
        .contains("these tokens are valid now:\n  first  ADMIN, made 2026-11-28T18:00:00Z\n")
        .contains("to end it: cloister --root " + operator.root() + " token revoke NAME");
    assertThat(data()).hasContent("token of the site");
    assertThat(paths.certificates().resolve("cert.pem")).hasContent("the site's");
    assertThat(paths.settings()).hasContent(settings);
    assertThat(operator.types("policy", "show").out()).contains("20 days", "\"policy\"");
    assertThat(paths.trust().resolve("state.json")).hasBinaryContent(counters);
    assertThat(operator.types("status").out()).contains("running");
    nothingIsLeftOver();
  }

  @Test
  void aStoppedReleaseIsBackedUpTooAndAFailureLeavesNothing() throws Exception {
    operator.types("stop");
    assertThat(backsUp().err()).isEmpty();
    nothingIsLeftOver();
    assertThat(backsUp().err()).contains("[USAGE-BACKUP-FILE]", "something is there already");
    Path release = paths.release("0.1.0");
    Files.setPosixFilePermissions(
        release, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(release.resolve("keeps-its-data"), "");
    Files.delete(file);
    assertThat(backsUp().err()).contains("[SERVICE-SETUP]");
    assertThat(file).doesNotExist();
    nothingIsLeftOver();
  }

  @Test
  void refusesAWrongPassphraseAndAChangedFileBeforeAnythingChanges() throws Exception {
    backsUp();
    Files.writeString(data(), "newer");
    Path other = Files.writeString(scratch.resolve("other"), "another line");
    Seen wrong = restores("--passphrase-file", other.toString());
    assertThat(wrong.exit()).isEqualTo(3);
    assertThat(wrong.err()).contains("[BACKUP-PASSPHRASE]", "0.1.0 keeps serving");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Seen damaged = restores();
    assertThat(damaged.exit()).isEqualTo(5);
    assertThat(damaged.err()).contains("[BACKUP-DAMAGED]", "nothing on this machine was changed");
    assertThat(data()).hasContent("newer");
  }

  @Test
  void aBackupThatDoesNotBecomeReadyIsTakenBackAndWhatWasThereServes() throws Exception {
    Files.writeString(data(), "poison");
    backsUp();
    Files.writeString(data(), "good");
    Seen seen = restores();
    assertThat(seen.exit()).as(seen.err()).isEqualTo(7);
    assertThat(seen.err())
        .contains("[SERVICE-NOT-READY]", "the data cannot be read")
        .contains("state     what was begun was taken back; release 0.1.0 keeps serving");
    assertThat(data()).hasContent("good");
    nothingIsLeftOver();
  }

  @Test
  void anOlderReleaseRefusesTheBackupOfANewerOneAndANewerTakesAnOlderOnes() throws Exception {
    backsUp();
    release("0.2.0");
    assertThat(operator.types("update", medium.folder().toString()).err()).isEmpty();
    assertThat(restores().err()).isEmpty();
    assertThat(paths.databases().resolve("0.2.0/data")).hasContent("token of the site");
    assertThat(operator.types("rollback").err()).isEmpty();
    assertThat(data()).hasContent("token of the site");
    operator.types("rollback");
    Files.delete(file);
    backsUp();
    operator.types("rollback");
    Seen seen = restores();
    assertThat(seen.exit()).isEqualTo(4);
    assertThat(seen.err())
        .contains("[BACKUP-NEWER]", "made by release 0.2.0", "here      release 0.1.0");
  }

  @Test
  void whatAnInterruptedRestoreChangedIsPutBackByTheNextCommand() throws Exception {
    operator.types("stop");
    var swap = new Swap(paths);
    swap.begin(SitePolicy.DEFAULT, false, operator.now());
    Files.createDirectories(swap.fresh(paths.databases()).resolve("0.1.0"));
    swap.exchange();
    assertThat(data()).doesNotExist();
    assertThat(operator.types("recover").out()).contains("put back", "at rest");
    assertThat(data()).hasContent("token of the site");
    nothingIsLeftOver();
    assertThat(operator.types("status").exit()).isEqualTo(8);
    assertThat(operator.types("start").err()).isEmpty();
  }

  @Test
  void aServiceThatAnInterruptedRestoreStoppedRunsAgainAfterTheNextCommand() throws Exception {
    operator.types("stop");
    var swap = new Swap(paths);
    swap.begin(SitePolicy.DEFAULT, true, operator.now());
    swap.exchange();
    assertThat(operator.types("recover").out()).contains("put back", "at rest");
    assertThat(operator.types("status").out()).contains("running");
    assertThat(data()).hasContent("token of the site");
    nothingIsLeftOver();
  }

  @Test
  void aServiceCannotHaveRootReadAnythingElseIntoTheBackup() throws Exception {
    Path shadow = Files.writeString(scratch.resolve("shadow"), "root's");
    Files.delete(paths.certificates().resolve("key.pem"));
    Files.createSymbolicLink(paths.certificates().resolve("key.pem"), shadow);
    assertThat(backsUp().exit()).isEqualTo(4);
    assertThat(file).doesNotExist();
    nothingIsLeftOver();
  }

  @Test
  void opensslOpensItWithTheLinesOfThePage() throws Exception {
    backsUp();
    Files.copy(secret, scratch.resolve("passphrase"));
    String page = Files.readString(Path.of("../docs/operating/backup.md"));
    String lines = page.substring(page.indexOf("openssl cms"));
    Process shell =
        new ProcessBuilder("sh", "-ec", lines.substring(0, lines.indexOf("```")))
            .directory(scratch.toFile())
            .inheritIO()
            .start();
    assertThat(shell.waitFor()).isZero();
    assertThat(scratch.resolve("handed-over.sql")).hasContent("token of the site");
    assertThat(scratch.resolve("manifest.json")).content().contains("\"release\" : \"0.1.0\"");
  }

  @Test
  void aPassphraseIsTypedTwiceAlikeAndIsNotShort() throws Exception {
    String[] line = {"backup", file.toString()};
    assertThat(operator.answers(List.of("short"), line).err())
        .contains("[USAGE-PASSPHRASE]", "under 12 characters");
    assertThat(operator.answers(List.of(SECRET, SECRET + "x"), line).err()).contains("differ");
    assertThat(operator.types(line).err()).contains("nobody is there to type one");
    assertThat(file).doesNotExist();
    assertThat(operator.answers(List.of(SECRET, SECRET), line).err()).isEmpty();
    Seen seen = operator.answers(List.of(SECRET), "restore", file.toString());
    assertThat(seen.err()).isEmpty();
  }
}
