package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two releases the one on probation is not started again by systemd, and no other. */
final class ProbationTest {
  @TempDir Path root;
  private SystemFiles files;

  @BeforeEach
  void twoReleases() throws Exception {
    HostPaths paths = new HostPaths(root);
    files = new SystemFiles(paths);
    for (String release : new String[] {"0.1.0", "0.2.0"}) {
      Path systemd = Files.createDirectories(paths.release(release).resolve("systemd"));
      Files.writeString(systemd.resolve("probation.conf"), "[Service]\nRestart=no\n");
    }
  }

  private Path rule(String release) {
    return root.resolve("etc/systemd/system/cloister@" + release + ".service.d/probation.conf");
  }

  @Test
  void itPassesFromOneToTheOther() throws Exception {
    assertThat(files.setOnProbation(Optional.of("0.1.0"))).isTrue();
    assertThat(files.setOnProbation(Optional.of("0.2.0"))).isTrue();
    assertThat(rule("0.1.0").getParent()).doesNotExist();
    assertThat(rule("0.2.0")).hasContent("[Service]\nRestart=no");
    assertThat(files.setOnProbation(Optional.of("0.2.0"))).as("it was so already").isFalse();
  }

  @Test
  void itsEndLeavesRulesOfOthersAlone() throws Exception {
    files.setOnProbation(Optional.of("0.2.0"));
    Path others = rule("0.2.0").resolveSibling("override.conf");
    Files.writeString(others, "[Service]\nNice=5\n");
    assertThat(files.setOnProbation(Optional.empty())).isTrue();
    assertThat(rule("0.2.0")).doesNotExist();
    assertThat(others).exists();
    assertThat(files.setOnProbation(Optional.empty())).as("it was so already").isFalse();
  }
}
