package io.cloister.repo.publish;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static io.cloister.repo.testing.SigningRepository.runtime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.cloister.repo.MediaRefusal.BaseAbsent;
import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.ExistingChunks;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.VolumePrompt;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.Fault;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form of a medium: the same bytes each time, the same content whichever it is. */
final class PublicationTest {
  @TempDir Path folder;
  private SigningRepository vendor;

  @BeforeEach
  void aVendor() throws Exception {
    vendor = vendor("vendor");
  }

  private SigningRepository vendor(String name) throws RefusedException {
    return SigningRepository.create(folder.resolve(name))
        .add(runtime("0.1.0"), release("0.1.0", 1))
        .add(model("digits", "1.0.0"), Map.of("model.onnx", random(3)));
  }

  @Test
  void whatLiesWhereABundleGrowsStays() throws Exception {
    Path precious = Files.writeString(folder.resolve("precious"), "mine");
    Files.createSymbolicLink(folder.resolve("medium.tar.new"), precious);
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> vendor.publish(folder.resolve("medium.tar"), PublishOptions.BUNDLE));
    assertThat(refused.refusal()).isInstanceOf(WouldOverwrite.class);
    assertThat(precious).hasContent("mine");
    assertThat(folder.resolve("medium.tar")).doesNotExist();
  }

  @Test
  void whatADiskHasByItselfIsNotInTheWay() throws Exception {
    Path stick = Files.createDirectories(folder.resolve("stick"));
    Files.createDirectory(stick.resolve("lost+found"));
    Files.createDirectory(stick.resolve("System Volume Information"));
    vendor.publish(stick, PublishOptions.FOLDER);
    assertThat(stick.resolve("metadata/timestamp.json")).isRegularFile();
  }

  private static Map<String, byte[]> release(String version, int seed) {
    return Map.of(
        "RELEASE",
        ("version=" + version + "\nglibc=2.17\n").getBytes(StandardCharsets.UTF_8),
        "lib/same.jar",
        random(2),
        "lib/engine.so",
        random(100 + seed),
        "A-LICENCE-that-sorts-first",
        random(7));
  }

  private static byte[] random(int seed) {
    byte[] bytes = new byte[600_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path publish(String name, PublishOptions options) throws RefusedException {
    Path out = folder.resolve(name);
    vendor.publish(out, options);
    return out;
  }

  private static Map<String, Sha256> files(Path folder) throws IOException {
    Map<String, Sha256> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  @Test
  void equalInputsGiveEqualBytesInEveryForm() throws Exception {
    var forms =
        Map.of(
            "folder", PublishOptions.FOLDER,
            "volumes", PublishOptions.FOLDER.withVolumes(1_500_000),
            "tars", PublishOptions.BUNDLE.withVolumes(1_500_000),
            "delta", PublishOptions.FOLDER.withSince("0.1.0"));
    for (var form : forms.entrySet()) {
      Path one = publish(form.getKey() + "-1", form.getValue());
      Path two = folder.resolve(form.getKey() + "-2");
      vendor("again-" + form.getKey()).publish(two, form.getValue());
      assertThat(files(one)).as(form.getKey()).isNotEmpty().isEqualTo(files(two));
    }
    Path one = publish("1.tar", PublishOptions.BUNDLE);
    vendor("again-tar").publish(folder.resolve("2.tar"), PublishOptions.BUNDLE);
    assertThat(one).hasSameBinaryContentAs(folder.resolve("2.tar"));
  }

  @Test
  void aMediumIsWholeAfterAPowerCutOnceItIsPublished() throws Exception {
    Path shadow = Files.createDirectory(folder.resolve("shadow"));
    FaultyFileSystem disk = FaultyFileSystem.with(Fault.LOST, Integer.MAX_VALUE, shadow);
    Path medium = folder.resolve("media/stick");
    Files.createDirectories(medium);
    vendor.publish(disk.path(medium), PublishOptions.FOLDER);
    Map<String, Sha256> published = files(medium);
    disk.losePower(new Random(10));
    assertThat(files(medium)).isNotEmpty().isEqualTo(published);
  }

  @Test
  void aMediumIsWholeThoughSomebodySignsWhileItIsWritten() throws Exception {
    FaultyFileSystem disk = FaultyFileSystem.sound();
    disk.before(3, this::signAgain);
    Path medium = folder.resolve("medium");
    vendor.publish(disk.path(medium), PublishOptions.FOLDER);
    assertThat(folder.resolve("vendor/repository/metadata/2.targets.json")).isRegularFile();
    verify(medium, ExistingChunks.NONE);
    assertThat(files(medium)).containsKey("metadata/1.targets.json");
  }

  private void signAgain() {
    try {
      vendor.renew();
    } catch (RefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anyTarProgramUnpacksABundleToWhatTheFolderIs() throws Exception {
    Path bundle = publish("bundle.tar", PublishOptions.BUNDLE);
    Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
    Process tar =
        new ProcessBuilder("tar", "-xf", bundle.toString(), "-C", unpacked.toString())
            .inheritIO()
            .start();
    assumeThat(tar.waitFor()).as("there is a program tar").isZero();
    assertThat(files(unpacked)).isEqualTo(files(publish("plain", PublishOptions.FOLDER)));
  }

  @Test
  void whatMustBeKnownFirstComesFirstInABundle() throws Exception {
    Path bundle = publish("bundle.tar", PublishOptions.BUNDLE);
    try (var in = Files.newInputStream(bundle);
        Medium medium = Medium.pipe(in, VolumePrompt.NOBODY)) {
      Catalog catalog = MediumClient.open(medium, vendor.trustInMemory(), NOW).refresh();
      var release = catalog.find(runtime("0.1.0")).orElseThrow();
      var reader = new PackageReader(medium, catalog.packages());
      for (var file : release.manifest().files()) {
        Optional<byte[]> early = reader.peek(release, file);
        assertThat(early.isPresent()).isEqualTo(file.name().equals("RELEASE"));
      }
    }
  }

  private void verify(Path medium, ExistingChunks existing) throws RefusedException {
    try (Medium opened = Medium.open(List.of(medium), VolumePrompt.NOBODY)) {
      MediumClient client = MediumClient.open(opened, vendor.trustInMemory(), NOW);
      client.verifyAll(client.refresh(), existing, Progress.SILENT);
    }
  }

  private RefusedException refused(Path medium, ExistingChunks existing) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> verify(medium, existing));
    assertThat(refused).isNotNull();
    return refused;
  }

  /** What a machine would have from a whole medium. */
  private ExistingChunks chunksOf(Path medium, String... packages) throws Exception {
    Map<Chunk, byte[]> chunks = new ConcurrentHashMap<>();
    try (Medium opened = Medium.open(List.of(medium), VolumePrompt.NOBODY)) {
      Catalog catalog = MediumClient.open(opened, vendor.trustInMemory(), NOW).refresh();
      var some =
          catalog.packages().stream()
              .filter(each -> List.of(packages).contains(each.id().toString()))
              .toList();
      new PackageReader(opened, catalog.packages())
          .deliver(PackageReader.chunks(some), chunks::put);
    }
    return chunk -> Optional.ofNullable(chunks.get(chunk));
  }

  @Test
  void aDeltaLeavesOutWhatTheReleaseHasAndNeedsAMachineThatHasIt() throws Exception {
    Path whole = publish("whole", PublishOptions.FOLDER);
    vendor.add(runtime("0.2.0"), release("0.2.0", 2));
    Path delta = publish("delta", PublishOptions.FOLDER.withSince("0.1.0"));
    assertThat(Files.readString(delta.resolve("README.txt")))
        .contains("THIS IS A DELTA", "runtime-linux-x64-0.1.0");
    assertThat(files(delta).keySet().stream().filter(name -> name.startsWith("blobs/"))).hasSize(3);
    verify(delta, chunksOf(whole, "runtime-linux-x64-0.1.0"));
    assertThat(refused(delta, ExistingChunks.NONE).refusal())
        .isInstanceOfSatisfying(
            BaseAbsent.class,
            it -> {
              assertThat(it.base()).containsExactly("runtime-linux-x64-0.1.0");
              assertThat(it.blobs()).isEqualTo(4);
              assertThat(it.bytes()).isGreaterThan(1_800_000);
            });
  }

  @Test
  void aDeltaThatLacksMoreThanItSaysIsIncomplete() throws Exception {
    Path whole = publish("whole", PublishOptions.FOLDER);
    Path delta = publish("delta", PublishOptions.FOLDER.withSince("0.1.0"));
    ExistingChunks machine = chunksOf(whole, "runtime-linux-x64-0.1.0", "model-digits-1.0.0");
    verify(delta, machine);
    try (Stream<Path> blobs = Files.walk(delta.resolve("blobs"))) {
      Files.delete(blobs.filter(Files::isRegularFile).findFirst().orElseThrow());
    }
    assertThat(refused(delta, machine).refusal()).isInstanceOf(MissingFile.class);
  }

  @Test
  void aDeltaOfAReleaseThatIsNotThereIsAUsageError() {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> publish("delta", PublishOptions.FOLDER.withSince("9.9.9")));
    assertThat(refused.refusal())
        .isInstanceOfSatisfying(
            BadArgument.class,
            it -> assertThat(it.fault()).contains("runtime-linux-x64-0.1.0", "model-digits-1.0.0"));
  }

  @Test
  void aDeltaInVolumesAsksOnlyForWhatItHas() throws Exception {
    Path whole = publish("whole", PublishOptions.FOLDER);
    vendor.add(runtime("0.2.0"), release("0.2.0", 2));
    ExistingChunks machine = chunksOf(whole, "runtime-linux-x64-0.1.0", "model-digits-1.0.0");
    Path delta =
        publish(
            "delta",
            PublishOptions.BUNDLE.withSince("0.1.0", "model-digits-1.0.0").withVolumes(700_000));
    verify(delta, machine);
    assertThat(refused(delta, ExistingChunks.NONE).refusal()).isInstanceOf(BaseAbsent.class);
  }
}
