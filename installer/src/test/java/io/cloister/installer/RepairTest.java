package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installed files that changed silently are put right, from what is here or from a medium. */
final class RepairTest {
  @TempDir Path scratch;
  private Operator operator;
  private HostPaths paths;
  private TestMedium vendor;

  /** Of the two models the parts 0 to 2 are the same, and part 3 is each one's own. */
  @BeforeEach
  void twoSlotsWithModelsThatShareChunks() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    paths = new HostPaths(operator.root());
    vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", model("m1", 1));
    assertThat(operator.installs(vendor.folder(), vendor.anchor()).err()).isEmpty();
    vendor.add(Kind.MODEL, "digits", "1.1.0", model("m2", 2));
    assertThat(operator.types("update", vendor.folder().toString()).err()).isEmpty();
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private Path model(String name, int seed) throws Exception {
    return FakeRelease.modelInParts(content(name), seed);
  }

  private Path installed(String version, String file) {
    return paths.model("digits", version).resolve(file);
  }

  private static void flip(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    write(file, bytes);
  }

  private static void write(Path file, byte[] bytes) throws Exception {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
  }

  private Map<String, String> content() throws Exception {
    Map<String, String> tree = Tree.of(paths.store());
    tree.putAll(Tree.of(paths.programs()));
    return tree;
  }

  private Path reloaded() {
    return paths.appliance().resolve("reloaded");
  }

  @Test
  void aFlippedBitIsPutRightFromTheOtherSlotAndTheModelIsLoadedAnew() throws Exception {
    Map<String, String> before = content();
    flip(installed("1.1.0", "part-0"));
    Seen seen = operator.types("repair");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).contains("put right: " + installed("1.1.0", "part-0"));
    assertThat(content()).isEqualTo(before);
    assertThat(reloaded()).hasContent("digits\n");
    assertThat(operator.types("repair").out()).contains("nothing was changed");
  }

  @Test
  void theOtherSlotIsPutRightTooAndNothingIsLoadedForIt() throws Exception {
    Map<String, String> before = content();
    flip(installed("1.0.0", "part-2"));
    assertThat(operator.types("repair").err()).isEmpty();
    assertThat(content()).isEqualTo(before);
    assertThat(reloaded()).doesNotExist();
  }

  @Test
  void whatIsNowhereElseIsRefusedAndNothingIsTouchedUntilAMediumHasIt() throws Exception {
    Map<String, String> before = content();
    flip(installed("1.1.0", "part-0"));
    flip(installed("1.1.0", "part-3"));
    Map<String, String> damaged = content();
    Seen refused = operator.types("repair");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err())
        .contains("[SLOT-CONTENT-CHANGED]", "model-digits-1.1.0")
        .contains("part-3: 500000 bytes from byte 0", "no other installed package has these bytes")
        .contains("nothing on this machine was changed")
        .contains("cloister --root " + paths.root() + " repair MEDIA")
        .doesNotContain("part-0");
    assertThat(content()).isEqualTo(damaged);
    Seen seen = operator.types("repair", vendor.folder().toString());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out()).contains("part-0", "part-3");
    assertThat(content()).isEqualTo(before);
    assertThat(reloaded()).hasContent("digits\n");
  }

  @Test
  void calledByTheServiceItPutsRightWhatItCanAndNotesTheRest() throws Exception {
    Map<String, String> before = content();
    Map<String, String> whole = Tree.of(paths.model("digits", "1.1.0"));
    flip(installed("1.1.0", "part-0"));
    flip(installed("1.0.0", "part-3"));
    Path precious = Files.writeString(scratch.resolve("precious"), "as it was");
    Files.createSymbolicLink(paths.repairCall(), precious);
    Seen seen = operator.types("repair", "--found");
    assertThat(seen.exit()).isEqualTo(3);
    assertThat(seen.out()).contains("put right: " + installed("1.1.0", "part-0"));
    assertThat(seen.err()).contains("[SLOT-CONTENT-CHANGED]", "model-digits-1.0.0", "part-3");
    assertThat(Tree.of(paths.model("digits", "1.1.0"))).isEqualTo(whole);
    assertThat(reloaded()).hasContent("digits\n");
    assertThat(precious).hasContent("as it was");
    assertThat(paths.repairCall()).doesNotExist();
    assertThat(paths.unrepaired()).content().contains("[\"model-digits-1.0.0\"]");
    assertThat(operator.types("repair", vendor.folder().toString()).err()).isEmpty();
    assertThat(paths.unrepaired()).doesNotExist();
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void calledForNothingItChangesNothingWhateverLiesInTheServicesFolder() throws Exception {
    String running = Tree.of(paths.run()).toString();
    Files.createDirectories(paths.repairCall().resolve("in the way"));
    Seen seen = operator.types("repair", "--found");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out()).contains("the call cannot be taken away", "nothing was changed");
    Files.delete(paths.repairCall().resolve("in the way"));
    Files.delete(paths.repairCall());
    assertThat(Tree.of(paths.run()).toString()).isEqualTo(running);
    assertThat(operator.types("repair", "--found", vendor.folder().toString()).err())
        .contains("[USAGE-ARGUMENTS]");
  }

  @Test
  void missingLongAndLinkedFilesAndAManifestArePutRightFromAMedium() throws Exception {
    Map<String, String> before = content();
    Files.delete(installed("1.1.0", "part-3"));
    write(installed("1.1.0", "manifest.json"), new byte[3]);
    Path part = installed("1.0.0", "part-3");
    Files.move(part, scratch.resolve("elsewhere"));
    Files.createSymbolicLink(part, scratch.resolve("elsewhere"));
    Path yaml = installed("1.0.0", "model.yaml");
    Files.setPosixFilePermissions(yaml, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(yaml, "more: true\n", StandardOpenOption.APPEND);
    assertThat(operator.types("repair").err()).contains("manifest.json is another one");
    assertThat(operator.types("repair", vendor.folder().toString()).err()).isEmpty();
    assertThat(content()).isEqualTo(before);
    assertThat(scratch.resolve("elsewhere")).exists();
  }

  @Test
  void aProgramIsPutRightFromAMediumStaysReadOnlyAndTheServiceIsStartedAnew() throws Exception {
    Map<String, String> before = content();
    Path launcher = paths.release("0.1.0").resolve("bin/cloister-appliance");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(launcher, "\n", StandardOpenOption.APPEND);
    String pid = Tree.of(paths.run()).toString();
    Seen seen = operator.types("repair", vendor.folder().toString());
    assertThat(seen.err()).isEmpty();
    assertThat(content()).isEqualTo(before);
    assertThat(Tree.of(paths.run()).toString()).isNotEqualTo(pid);
    assertThat(operator.types("status").out()).containsPattern("digits +1.1.0 +ready");
  }

  @Test
  void refusesAMediumWhoseContentOfThatVersionIsAnother() throws Exception {
    flip(installed("1.1.0", "part-3"));
    Map<String, String> damaged = content();
    TestMedium other =
        vendor
            .again(scratch.resolve("again"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", content("r"))
            .add(Kind.MODEL, "digits", "1.1.0", model("m3", 3));
    for (int i = 0; i < 4; i++) {
      other.folder();
      other.renew();
    }
    Seen seen = operator.types("repair", other.folder().toString());
    assertThat(seen.err()).contains("[MEDIA-VERSION-REUSED]", "model-digits-1.1.0");
    assertThat(content()).isEqualTo(damaged);
  }

  @Test
  void refusesAMediumThatDoesNotHoldThePackage() throws Exception {
    flip(installed("1.1.0", "part-3"));
    TestMedium other =
        vendor
            .again(scratch.resolve("again"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", content("r"));
    for (int i = 0; i < 4; i++) {
      other.folder();
      other.renew();
    }
    Path medium = other.folder();
    assertThat(operator.types("repair", medium.toString()).err())
        .contains("[SLOT-CONTENT-CHANGED]", medium + " does not hold this package");
  }

  @Test
  void refusesWhatIsDamagedOnTheMediumAsWell() throws Exception {
    flip(installed("1.1.0", "part-3"));
    Map<String, String> damaged = content();
    Path medium = vendor.folder();
    try (Stream<Path> blobs = Files.walk(medium.resolve("blobs"))) {
      for (Path blob : blobs.filter(file -> file.toFile().length() == 500_000).toList()) {
        Files.write(blob, new byte[500_000]);
      }
    }
    Seen seen = operator.types("repair", medium.toString());
    assertThat(seen.exit()).isEqualTo(5);
    assertThat(seen.err()).contains("[MEDIA-DAMAGED]", "nothing on this machine was changed");
    assertThat(content()).isEqualTo(damaged);
  }

  @Test
  void otherPermissionsArePutRight() throws Exception {
    Path program = paths.release("0.1.0").resolve("bin/cloister-appliance");
    Path model = installed("1.1.0", "model.yaml");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("rw-rw-rw-"));
    Seen seen = operator.types("repair");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out()).contains("put right: " + program, "put right: " + model);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(program)))
        .isEqualTo("r-xr-xr-x");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(model)))
        .isEqualTo("r--r--r--");
    assertThat(operator.types("repair").out()).contains("nothing was changed by hand");
  }
}
