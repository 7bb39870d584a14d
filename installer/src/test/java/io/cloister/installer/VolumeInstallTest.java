package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.activate.FirstInstall;
import io.cloister.installer.activate.Patience;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Stager;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Kind;
import io.cloister.repo.media.Medium;
import io.cloister.repo.publish.PublishOptions;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A medium in several volumes, and one drive. */
final class VolumeInstallTest {
  private static final int VOLUME_BYTES = 1 << 20;

  @TempDir Path scratch;
  private Operator operator;
  private HostPaths paths;
  private TestMedium vendor;

  @BeforeEach
  void aBareMachineAndAVendor() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    paths = new HostPaths(operator.root());
    vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", model("m1", 1));
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

  private List<Path> volumes(String name) throws Exception {
    Path set = vendor.publish(name, PublishOptions.FOLDER.withVolumes(VOLUME_BYTES));
    try (Stream<Path> volumes = Files.list(set)) {
      return volumes.sorted().toList();
    }
  }

  private List<String> install(List<Path> media) throws Exception {
    List<String> words = new ArrayList<>(List.of("install"));
    media.forEach(path -> words.add(path.toString()));
    words.addAll(List.of("--trusted-root", vendor.anchor()));
    words.addAll(Operator.ports());
    return words;
  }

  private Seen installs(List<Path> media) throws Exception {
    return operator.types(install(media).toArray(String[]::new));
  }

  private void installed(Seen seen) {
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(operator.types("status").out()).contains("digits", "ready");
    assertThat(paths.stagedModels()).doesNotExist();
    assertThat(paths.journal()).isEmptyDirectory();
  }

  @Test
  void volumesGivenTogetherAreInstalled() throws Exception {
    List<Path> volumes = volumes("set");
    assertThat(volumes).hasSizeGreaterThan(3);
    installed(installs(volumes.reversed()));
  }

  @Test
  void aPersonAtATerminalIsAskedForTheOthers() throws Exception {
    List<Path> volumes = volumes("set");
    List<String> answers = new ArrayList<>(List.of("/nowhere"));
    volumes.subList(1, volumes.size()).forEach(path -> answers.add(path.toString()));
    Seen seen = operator.answers(answers, install(volumes.subList(0, 1)).toArray(String[]::new));
    assertThat(seen.err()).isEmpty();
    assertThat(seen.out())
        .contains("put in volume 2 or 3 or 4", "the medium cannot be opened; put in volume");
    installed(seen);
  }

  @Test
  void withoutATerminalTheMissingVolumeIsNamedAndTheNextRunGoesOn() throws Exception {
    List<Path> volumes = volumes("set");
    Map<String, String> before = Tree.of(operator.root());
    for (int i = volumes.size() - 1; i > 0; i--) {
      Seen seen = installs(List.of(volumes.get(i)));
      assertThat(seen.err())
          .contains("[MEDIA-VOLUME-MISSING]", "what was proven of the set of volumes is kept")
          .contains("nothing is installed");
      assertThat(seen.exit()).isEqualTo(5);
      assertThat(operator.types("status").err()).contains("[SLOT-NONE]");
    }
    assertThat(Tree.of(operator.root())).isNotEqualTo(before);
    installed(installs(volumes.subList(0, 1)));
    assertThat(operator.types("uninstall").exit()).isZero();
    assertThat(Tree.of(operator.root())).isEqualTo(before);
  }

  @Test
  void anInterruptedInstallFromVolumesGoesOnWhereItWas() throws Exception {
    List<Path> volumes = volumes("set");
    cutThePower(volumes);
    assertThat(operator.types("status").err()).contains("is kept for the next run");
    Path staged = paths.stagedModels().resolve("model-digits-1.0.0/part-0");
    assertThat(staged).hasSameBinaryContentAs(content("m1").resolve("part-0"));
    installed(installs(volumes.subList(2, volumes.size())));
  }

  /** After the second volume. */
  private void cutThePower(List<Path> volumes) throws Exception {
    try (Medium medium =
        Medium.open(
            volumes.subList(0, 2),
            _ -> {
              throw new PowerCut();
            })) {
      var trust = TrustStore.at(paths.trust(), Anchor.parse(vendor.anchor()));
      MediumClient client = MediumClient.open(medium, trust, operator.now());
      Catalog catalog = client.refresh();
      InstallPlan plan =
          InstallPlan.plan(catalog, Slots.EMPTY, "linux-x64", "", operator.now()).orElseThrow();
      var stager = new Stager(paths, new PackageReader(medium, catalog.packages()), _ -> {});
      var settings =
          new SettingsFile(new Listener("127.0.0.1", 18443), new Listener("127.0.0.1", 19443));
      new FirstInstall(stager, client, settings, Patience.USUAL, _ -> {}).apply(plan);
    } catch (PowerCut cut) {
      assertThat(paths.journal()).isNotEmptyDirectory();
    }
  }

  private static final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void whatWasStagedIsHashedAgainBeforeItCounts() throws Exception {
    List<Path> volumes = volumes("set");
    installs(volumes.subList(0, 2));
    Path staged = paths.stagedModels().resolve("model-digits-1.0.0");
    for (String name : List.of("part-0", "part-1")) {
      try (var file = new RandomAccessFile(staged.resolve(name).toFile(), "rw")) {
        file.seek(1000);
        file.write(1);
        file.setLength(600_000);
      }
    }
    Files.writeString(staged.resolve("smuggled"), "x");
    Files.createSymbolicLink(staged.resolve("link"), Path.of("/etc/passwd"));
    assertThat(installs(volumes.subList(2, volumes.size())).err())
        .contains("[MEDIA-VOLUME-MISSING]");
    installed(installs(volumes));
    Path place = paths.model("digits", "1.0.0");
    assertThat(place.resolve("smuggled")).doesNotExist();
    assertThat(place.resolve("link")).doesNotExist();
    assertThat(place.resolve("part-0")).hasSameBinaryContentAs(content("m1").resolve("part-0"));
  }

  @Test
  void anOrdinaryUserTakesUpAgainWhatWasSealedBeforeAnInterruption() throws Exception {
    List<Path> volumes = volumes("set");
    installs(volumes.subList(0, 2));
    Path part = paths.stagedModels().resolve("model-digits-1.0.0/part-0");
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("r--r--r--"));
    List<String> rest = install(volumes.subList(2, volumes.size()));
    installed(operator.typesUnprivileged(rest.toArray(String[]::new)));
  }

  @Test
  void anotherMediumStartsAnewAndUninstallTakesWhatWaits() throws Exception {
    Map<String, String> before = Tree.of(operator.root());
    List<Path> volumes = volumes("set");
    installs(volumes.subList(0, 1));
    assertThat(operator.types("uninstall").exit()).isZero();
    assertThat(Tree.of(operator.root())).isEqualTo(before);
    installs(volumes.subList(0, 1));
    installed(installs(List.of(vendor.folder())));
    assertThat(operator.types("uninstall").exit()).isZero();
    assertThat(Tree.of(operator.root())).isEqualTo(before);
  }

  @Test
  void anUpdateReadsFromVolumesOnlyWhatTheMachineLacks() throws Exception {
    installed(installs(List.of(vendor.folder())));
    vendor.add(Kind.MODEL, "digits", "1.1.0", model("m2", 2));
    List<Path> volumes = volumes("set");
    Path last = volumes.getLast();
    Path before = volumes.get(volumes.size() - 2);
    Seen seen = operator.types("update", last.toString(), before.toString());
    assertThat(seen.err()).isEmpty();
    assertThat(operator.types("status").out()).contains("1.1.0", "ready");
  }

  @Test
  void anUpdateThatWaitsForAVolumeLeavesTheOldReleaseServingAndGoesOn() throws Exception {
    installed(installs(List.of(vendor.folder())));
    Path model = model("m2", 2);
    Files.write(model.resolve("part-4"), random(900));
    Files.write(model.resolve("part-5"), random(901));
    vendor.add(Kind.MODEL, "digits", "1.1.0", model);
    List<Path> volumes = volumes("set");
    Seen seen = operator.types("update", volumes.getFirst().toString());
    assertThat(seen.err()).contains("[MEDIA-VOLUME-MISSING]", "release 0.1.0 keeps serving");
    seen = operator.types("update", volumes.getLast().toString());
    assertThat(seen.err()).contains("[MEDIA-VOLUME-MISSING]", "is kept for the next run");
    List<Path> between = volumes.subList(1, volumes.size() - 1);
    List<String> words = new ArrayList<>(List.of("update"));
    between.forEach(path -> words.add(path.toString()));
    seen = operator.types(words.toArray(String[]::new));
    assertThat(seen.err()).isEmpty();
    assertThat(operator.types("status").out()).contains("1.1.0", "ready");
    assertThat(paths.stagedModels()).doesNotExist();
  }

  private static byte[] random(int seed) {
    byte[] bytes = new byte[500_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void volumesMayComeThroughAPipeOneAfterTheOther() throws Exception {
    Path set = vendor.publish("tars", PublishOptions.BUNDLE.withVolumes(VOLUME_BYTES));
    List<Path> volumes;
    try (Stream<Path> files = Files.list(set)) {
      volumes = files.sorted().toList();
    }
    Seen seen = null;
    for (Path volume : volumes) {
      try (InputStream in = Files.newInputStream(volume)) {
        seen = operator.pipes(in, install(List.of(Path.of("-"))).toArray(String[]::new));
      }
    }
    installed(java.util.Objects.requireNonNull(seen));
  }
}
