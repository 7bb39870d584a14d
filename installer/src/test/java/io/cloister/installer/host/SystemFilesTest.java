package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two releases of which each brings a unit that the other does not have. */
final class SystemFilesTest {
  private static final String MADE =
      "# Made by cloister install; cloister repair makes it again.\n";
  private static final Map<String, Listener> NONE = Map.of();

  @TempDir Path root;
  private Path units;
  private SystemFiles files;

  @BeforeEach
  void twoReleases() throws Exception {
    units = Files.createDirectories(root.resolve("etc/systemd/system"));
    files = new SystemFiles(new HostPaths(root));
    brings("0.1.0", "cloister.service", "cloister@.service", "cloister-dropped.timer");
    brings("0.2.0", "cloister.service", "cloister@.service", "cloister-added@.service");
  }

  private void brings(String release, String... names) throws Exception {
    Path texts = Files.createDirectories(new HostPaths(root).release(release).resolve("systemd"));
    for (String name : names) {
      Files.writeString(texts.resolve(name), MADE + "of " + release + "\n");
    }
    Files.writeString(texts.resolve("confinement.conf"), "");
    Files.writeString(texts.resolve("cloister.sysusers"), MADE);
  }

  private List<String> there() throws Exception {
    return Folders.list(units).stream().map(unit -> unit.getFileName().toString()).toList();
  }

  @Test
  void eachReleaseHasItsOwnUnitsWhicheverProgramWritesThem() throws Exception {
    files.writeUnits("0.2.0", NONE);
    assertThat(there())
        .containsExactly("cloister-added@.service", "cloister.service", "cloister@0.2.0.service");
    files.writeUnits("0.1.0", NONE);
    assertThat(units.resolve("cloister.service")).content().endsWith("of 0.1.0\n");
    assertThat(there()).contains("cloister-dropped.timer", "cloister@0.1.0.service");
  }

  @Test
  void unitsThatNoKeptReleaseBringsGoAndThoseOfTheSiteStay() throws Exception {
    files.writeUnits("0.1.0", NONE);
    files.writeUnits("0.2.0", NONE);
    Files.writeString(units.resolve("cloister-backup.service"), "[Service]\n");
    Files.createDirectories(units.resolve("cloister.service.d"));
    files.deleteUnitsExcept(Set.of("0.1.0", "0.2.0"));
    assertThat(there()).contains("cloister-dropped.timer", "cloister@0.1.0.service");
    files.deleteUnitsExcept(Set.of("0.2.0"));
    assertThat(there())
        .containsExactly(
            "cloister-added@.service",
            "cloister-backup.service",
            "cloister.service",
            "cloister.service.d",
            "cloister@0.2.0.service");
    files.deleteUnitsExcept(Set.of());
    assertThat(there()).containsExactly("cloister-backup.service", "cloister.service.d");
  }

  @Test
  void unitsOfAReleaseWhoseFilesAreGoneStay() throws Exception {
    files.writeUnits("0.2.0", NONE);
    Folders.delete(new HostPaths(root).release("0.2.0"));
    files.deleteUnitsExcept(Set.of("0.2.0"));
    assertThat(there()).contains("cloister.service", "cloister@0.2.0.service");
  }

  @Test
  void whatAPowerCutLeftOfAUnitGoes() throws Exception {
    files.writeUnits("0.2.0", NONE);
    Path rules = Files.createDirectories(units.resolve("cloister@0.2.0.service.d"));
    Files.writeString(rules.resolve("probation.conf.new"), "");
    Files.writeString(rules.resolve("override.conf.new"), "the site's");
    Files.writeString(units.resolve("cloister.service.new"), "");
    Files.writeString(units.resolve("cloister@0.2.0.service.new"), MADE);
    Files.writeString(units.resolve("others.service.new"), "");
    files.deleteUnitsExcept(Set.of("0.2.0"));
    assertThat(there())
        .containsExactly(
            "cloister-added@.service",
            "cloister.service",
            "cloister@0.2.0.service",
            "cloister@0.2.0.service.d",
            "others.service.new");
    assertThat(rules).isDirectoryContaining("glob:**override.conf.new");
    assertThat(rules).isDirectoryNotContaining("glob:**probation.conf.new");
  }

  @Test
  void unitsOfTheOtherReleaseAreToldFromThoseThatSomebodyChanged() throws Exception {
    files.writeUnits("0.2.0", NONE);
    files.writeUnits("0.1.0", NONE);
    assertThat(files.hasUnitOf("0.2.0", "0.1.0", NONE)).isFalse();
    assertThat(files.hasUnitOf("0.1.0", "0.2.0", NONE)).isTrue();
    Files.writeString(units.resolve("cloister.service"), "changed by hand");
    assertThat(files.hasUnitOf("0.1.0", "0.2.0", NONE)).isFalse();
  }
}
