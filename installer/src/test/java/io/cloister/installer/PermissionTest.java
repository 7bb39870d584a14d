package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator's user may not read or write is refused, and nothing was changed. */
final class PermissionTest {
  @TempDir Path scratch;
  private Path root;
  private Operator operator;
  private TestMedium vendor;
  private Path medium;

  @BeforeEach
  void aMachineAndAMedium() throws Exception {
    root = Files.createDirectories(scratch.resolve("host"));
    operator = Operator.at(root);
    Path release = FakeRelease.write(scratch.resolve("release"), "0.1.0");
    vendor =
        new TestMedium(scratch.resolve("vendor")).add(Kind.RUNTIME, "linux-x64", "0.1.0", release);
    medium = vendor.folder();
  }

  private static void close(Path path, String permissions) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private void refused(int exit, String code, Path named, String... words) throws Exception {
    Map<String, String> before = Tree.of(root);
    Seen seen = operator.typesUnprivileged(words);
    assertThat(seen.err())
        .contains("[" + code + "]", named.toString())
        .contains("\n  state     nothing on this machine was changed; nothing is installed\n");
    assertThat(seen.exit()).isEqualTo(exit);
    assertThat(Tree.of(root)).isEqualTo(before);
  }

  @Test
  void withLeaveForEverythingNothingIsRefused() throws Exception {
    Seen seen =
        operator.typesUnprivileged("verify", medium.toString(), "--trusted-root", vendor.anchor());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
  }

  @Test
  void aFolderThatTheUserMayNotWrite() throws Exception {
    close(root, "r-xr-xr-x");
    refused(4, "HOST-PERMISSION", root, Operator.installing(medium, vendor.anchor()));
  }

  @Test
  void aFileOfTheMediumThatTheUserMayNotRead() throws Exception {
    close(medium.resolve("metadata/timestamp.json"), "---------");
    refused(5, "MEDIA-PERMISSION", Path.of("metadata/timestamp.json"), verifying());
  }

  @Test
  void aMediumThatTheUserMayNotEnter() throws Exception {
    close(medium, "---------");
    refused(5, "MEDIA-PERMISSION", medium, verifying());
    close(medium, "rwx------");
  }

  private String[] verifying() throws Exception {
    return new String[] {"verify", medium.toString(), "--trusted-root", vendor.anchor()};
  }

  @Test
  void aTrustedRootThatTheUserMayNotRead() throws Exception {
    Path file = Files.writeString(scratch.resolve("root.json"), "{}");
    close(file, "---------");
    String[] words = {"verify", medium.toString(), "--trusted-root", file.toString()};
    refused(2, "USAGE-TRUSTED-ROOT", file, words);
  }

  @Test
  void theStatusOfAServiceThatTheUserMayNotAskSaysSo() throws Exception {
    assertThat(operator.installs(medium, vendor.anchor()).err()).isEmpty();
    Path run = root.resolve("run/cloister");
    close(run, "---------");
    Seen seen = operator.typesUnprivileged("status");
    close(run, "rwx------");
    operator.types("stop");
    assertThat(seen.err())
        .contains("[HOST-NOT-ROOT]", run.toString())
        .contains("\n  next      sudo cloister status --root " + root);
    assertThat(seen.out()).isEmpty();
    assertThat(seen.exit()).isEqualTo(4);
  }
}
