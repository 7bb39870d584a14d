package io.cloister.repo.media;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal.BadBundle;
import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.NotAMedium;
import io.cloister.repo.MediaRefusal.VolumeMissing;
import io.cloister.repo.MediaRefusal.VolumeOfAnotherSet;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.VolumePrompt.Question;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A medium in several volumes: any order, any form, and plain words about what is missing. */
final class VolumeSetTest {
  private static final int VOLUME_BYTES = 2 << 20;

  @TempDir Path folder;
  private SigningRepository vendor;

  @BeforeEach
  void aVendorWithSomeMegabytes() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.addLarge(model("digits", "1.0.0"));
  }

  private List<Path> publish(boolean bundle, int volumeBytes) throws RefusedException {
    PublishOptions form = bundle ? PublishOptions.BUNDLE : PublishOptions.FOLDER;
    return vendor
        .publish(folder.resolve("set" + bundle + volumeBytes), form.withVolumes(volumeBytes))
        .paths();
  }

  private Catalog verify(List<Path> paths, VolumePrompt prompt) throws RefusedException {
    try (Medium medium = Medium.open(paths, prompt)) {
      MediumClient client = MediumClient.open(medium, vendor.trustInMemory(), NOW);
      Catalog catalog = client.refresh();
      client.verifyAll(catalog, Progress.SILENT);
      return catalog;
    }
  }

  private RefusedException refused(List<Path> paths) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> verify(paths, VolumePrompt.NOBODY));
    assertThat(refused).isNotNull();
    return refused;
  }

  private static long bytes(Path volume) throws IOException {
    try (Stream<Path> files = Files.walk(volume)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aLinkOrAPipeNamedLikeAVolumeIsNotOpened() throws Exception {
    Path volume = publish(false, VOLUME_BYTES).getFirst();
    Path stick = Files.createDirectory(folder.resolve("stick"));
    Files.createSymbolicLink(stick.resolve("volume-1-of-1"), volume);
    String pipe = stick.resolve("volume-1-of-1.tar").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    assertThat(refused(List.of(stick)).refusal()).isInstanceOf(NotAMedium.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void volumesStayBelowTheirSizeAndAreReadInAnyOrder(boolean bundle) throws Exception {
    List<Path> volumes = new ArrayList<>(publish(bundle, VOLUME_BYTES));
    assertThat(volumes).hasSizeGreaterThan(2);
    for (Path volume : volumes) {
      assertThat(bytes(volume)).isLessThan(VOLUME_BYTES);
    }
    verify(volumes, VolumePrompt.NOBODY);
    Collections.reverse(volumes);
    verify(volumes, VolumePrompt.NOBODY);
    Collections.swap(volumes, 0, 1);
    verify(volumes, VolumePrompt.NOBODY);
    verify(List.of(volumes.getFirst().resolveSibling("")), VolumePrompt.NOBODY);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theMissingVolumeIsNamedWhereNobodyCanBeAsked(boolean bundle) throws Exception {
    List<Path> volumes = new ArrayList<>(publish(bundle, VOLUME_BYTES));
    int count = volumes.size();
    volumes.remove(1);
    assertThat(refused(volumes).refusal())
        .isInstanceOfSatisfying(
            VolumeMissing.class,
            it -> {
              assertThat(it.needed()).containsExactly(2);
              assertThat(it.count()).isEqualTo(count);
              assertThat(it.read()).doesNotContain(2).hasSize(count - 1);
            });
  }

  @Test
  void aPersonIsAskedUntilTheRightVolumeIsThere() throws Exception {
    List<Path> volumes = publish(false, VOLUME_BYTES);
    List<Path> other = publish(false, VOLUME_BYTES + 300_000);
    Deque<Path> answers = new ArrayDeque<>();
    answers.add(folder.resolve("nothing"));
    answers.add(other.getFirst());
    answers.add(volumes.getFirst());
    answers.addAll(volumes.subList(1, volumes.size()));
    List<Question> questions = new ArrayList<>();
    verify(
        volumes.subList(0, 1),
        question -> {
          questions.add(question);
          return Optional.of(answers.remove());
        });
    assertThat(answers).isEmpty();
    assertThat(questions.getFirst().volumes()).hasSize(volumes.size() - 1).doesNotContain(1);
    assertThat(questions.get(1).fault()).isPresent();
    assertThat(questions.get(2).fault()).containsInstanceOf(VolumeOfAnotherSet.class);
    assertThat(questions.get(3).again()).as("the first one was offered again").isTrue();
    assertThat(questions.getLast().volumes()).hasSize(1);
  }

  @Test
  void discsMayBeSwappedInOneDrive() throws Exception {
    List<Path> volumes = publish(true, VOLUME_BYTES);
    Path drive = folder.resolve("drive");
    Files.copy(volumes.getFirst(), drive);
    Deque<Path> next = new ArrayDeque<>(volumes.subList(1, volumes.size()));
    verify(
        List.of(drive),
        question -> {
          try {
            Files.copy(next.remove(), drive, StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(question.last());
          } catch (IOException e) {
            return Optional.empty();
          }
        });
    assertThat(next).isEmpty();
  }

  @Test
  void aFaultNamesItsVolume() throws Exception {
    List<Path> volumes = publish(false, VOLUME_BYTES);
    Path blob = blob(volumes.get(1));
    byte[] bytes = Files.readAllBytes(blob);
    bytes[100] ^= 1;
    Files.write(blob, bytes);
    assertThat(refused(volumes).refusal())
        .isInstanceOfSatisfying(
            WrongBytes.class, it -> assertThat(it.where().volume()).startsWith("2 of "));
    assertThat(refused(volumes.subList(0, 2)).refusals())
        .hasAtLeastOneElementOfType(WrongBytes.class)
        .hasAtLeastOneElementOfType(VolumeMissing.class);
  }

  private static Path blob(Path volume) throws IOException {
    try (Stream<Path> files = Files.walk(volume.resolve("blobs"))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Test
  void mediaThatAreNotOfOneSetAreNotReadTogether() throws Exception {
    Path whole = folder.resolve("whole");
    vendor.publish(whole, PublishOptions.FOLDER);
    Path volume = publish(false, VOLUME_BYTES).getFirst();
    assertThat(refused(List.of(whole, volume)).refusal()).isInstanceOf(VolumeOfAnotherSet.class);
    assertThat(refused(List.of(volume, whole)).refusal()).isInstanceOf(VolumeOfAnotherSet.class);
    Path other = publish(false, VOLUME_BYTES + 300_000).getLast();
    assertThat(refused(List.of(volume, other)).refusal()).isInstanceOf(VolumeOfAnotherSet.class);
  }

  @Test
  void aNoteThatLiesDecidesNothing() throws Exception {
    List<Path> volumes = publish(false, VOLUME_BYTES);
    for (Path volume : volumes) {
      Path note = volume.resolve(VolumeNote.FILE);
      String text = Files.readString(note);
      Files.writeString(
          note,
          text.replaceAll("\"first\":\"[0-9a-f]{64}\"", "\"first\":\"" + "0".repeat(64) + "\""));
    }
    RefusedException refused = refused(volumes.subList(0, 1));
    assertThat(refused.refusals()).isNotEmpty();
    Files.writeString(volumes.getFirst().resolve(VolumeNote.FILE), "{\"format\":1}");
    assertThat(refused(volumes).refusal()).isInstanceOf(MalformedManifest.class);
    Files.writeString(
        volumes.getFirst().resolve(VolumeNote.FILE),
        "{\"format\":1,\"set\":\"%s\",\"volume\":3,\"volumes\":[]}".formatted("0".repeat(64)));
    assertThat(refused(volumes).refusal()).isInstanceOf(MalformedManifest.class);
  }

  @Test
  void aVolumeMayComeThroughAPipe() throws Exception {
    List<Path> volumes = publish(true, VOLUME_BYTES);
    try (InputStream in = Files.newInputStream(volumes.get(1));
        Medium medium = Medium.pipe(in, VolumePrompt.NOBODY)) {
      MediumClient client = MediumClient.open(medium, vendor.trustInMemory(), NOW);
      Catalog catalog = client.refresh();
      RefusedException refused =
          catchThrowableOfType(
              RefusedException.class, () -> client.verifyAll(catalog, Progress.SILENT));
      assertThat(refused.refusal()).isInstanceOf(VolumeMissing.class);
    }
  }

  @Test
  void aVolumeThatCannotHoldTheMetadataOrAChunkIsAUsageError() {
    for (int bytes : new int[] {1, 10_000, 400_000}) {
      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> publish(true, bytes));
      assertThat(refused.refusal()).isInstanceOf(BadArgument.class);
    }
  }

  @Test
  void aBundleInAFileIsReadAsStrictlyAsThroughAPipe() throws Exception {
    Path file = folder.resolve("one.tar");
    vendor.publish(file, PublishOptions.BUNDLE);
    verify(List.of(file), VolumePrompt.NOBODY);
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(i % 2 == 0 ? 40_000 : bad.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      refused(List.of(file));
      Files.write(file, java.util.Arrays.copyOf(good, random.nextInt(good.length)));
      assertThat(refused(List.of(file)).refusal()).isInstanceOf(BadBundle.class);
    }
  }
}
