package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Mounting;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code opt/cloister} and {@code var/lib/cloister} are the site's own folders, or mounts. */
final class MountedUninstallTest {
  @TempDir Path scratch;
  private Operator operator;
  private HostPaths paths;

  @BeforeEach
  void aHostWithOurFolders() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    paths = new HostPaths(operator.root());
    Files.createDirectories(paths.programs());
    Files.createDirectories(paths.data());
  }

  private TestMedium vendor(String... misbehaviour) throws Exception {
    Path release = FakeRelease.write(scratch.resolve("release"), "0.1.0");
    for (String name : misbehaviour) {
      Files.writeString(release.resolve(name), "");
    }
    return new TestMedium(scratch.resolve("vendor"))
        .add(Kind.RUNTIME, "linux-x64", "0.1.0", release);
  }

  private Seen uninstallsMounted(Path... mounts) throws Exception {
    assumeTrue(Mounting.mayMount(), "only root may mount");
    StringBuilder line = new StringBuilder("true");
    for (Path mount : mounts) {
      line.append(" && mount --bind " + mount + " " + mount);
    }
    return Mounting.types(line.toString(), "uninstall", "--root", paths.root().toString());
  }

  @Test
  void anUninstallLeavesTheMountsEmpty() throws Exception {
    Map<String, String> before = Tree.of(paths.root());
    TestMedium vendor = vendor();
    assertThat(operator.installs(vendor.folder(), vendor.anchor()).err()).isEmpty();
    operator.types("stop");
    Seen seen =
        uninstallsMounted(paths.programs(), paths.data(), paths.releases(), paths.appliance());
    assertThat(seen.out()).contains("uninstalled; nothing of Cloister is left");
    assertThat(seen.exit()).isZero();
    Map<String, String> after = Tree.of(paths.root());
    assertThat(after.remove("opt/cloister/releases")).isNotNull();
    assertThat(after.remove("var/lib/cloister/appliance")).isNotNull();
    assertThat(after).isEqualTo(before);
  }

  @Test
  void aTraceIsTakenAwayFromAMountToo() throws Exception {
    assertThat(operator.types("policy", "set", "--staleness-days", "3").err()).isEmpty();
    Seen seen = uninstallsMounted(paths.data());
    assertThat(seen.out()).doesNotContain("busy").contains("[SLOT-NONE]");
    assertThat(paths.lock()).doesNotExist();
  }

  @Test
  void aFirstInstallThatDoesNotHoldLeavesNothingInFoldersThatWereThere() throws Exception {
    Map<String, String> before = Tree.of(paths.root());
    TestMedium vendor = vendor("serve-fails");
    assertThat(operator.installs(vendor.folder(), vendor.anchor()).exit()).isNotZero();
    assertThat(Tree.of(paths.root())).isEqualTo(before);
  }
}
