package io.cloister.installer.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.installer.testing.Mounting;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts, as the kernel lists them. */
final class MountedPreflightTest {
  @TempDir Path root;

  @BeforeEach
  void needsLeaveToMount() throws Exception {
    assumeTrue(Mounting.mayMount(), "only root may mount");
    Files.createDirectories(root.resolve("opt"));
    Files.createDirectories(root.resolve("var/lib"));
  }

  private Seen looks(String mounts) throws Exception {
    List<String> words = new ArrayList<>(List.of("preflight", "--root", root.toString()));
    words.addAll(Operator.ports());
    return Mounting.types(mounts, words.toArray(String[]::new));
  }

  @Test
  void refusesProgramsOnADiskWithoutExec() throws Exception {
    Seen seen = looks("mount -t tmpfs -o noexec none " + root.resolve("opt"));
    assertThat(seen.out())
        .contains("[HOST-NOEXEC]", "mount -o remount,exec " + root.resolve("opt"));
    assertThat(seen.exit()).isEqualTo(4);
  }

  @Test
  void dataMayLieOnADiskWithoutExec() throws Exception {
    Seen seen = looks("mount -t tmpfs -o noexec none " + root.resolve("var"));
    assertThat(seen.out()).doesNotContain("HOST-NOEXEC", "unfit");
    assertThat(seen.exit()).isZero();
  }

  @Test
  void refusesADiskMountedForReadingOnly() throws Exception {
    Path lib = root.resolve("var/lib");
    Seen seen = looks("mount -t tmpfs -o ro none " + lib);
    assertThat(seen.out())
        .contains("[HOST-READ-ONLY]", "  mount     " + lib + "\n")
        .doesNotContain("HOST-PERMISSION");
    assertThat(seen.exit()).isEqualTo(4);
  }

  @Test
  void roomIsMeasuredOnEachDisk() throws Exception {
    Seen seen = looks("mount -t tmpfs -o size=8m none " + root.resolve("opt"));
    assertThat(seen.out()).containsPattern("disk space +ok +8\\.4 MB and ");
  }
}
