package io.cloister.repo.media;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.Unreadable;
import io.cloister.repo.MediaRefusal.VolumeMissing;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageBlobs;
import io.cloister.repo.content.Progress;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scratch does not cost a trip; what is made again is proven as everything is. */
final class ParityTest {
  @TempDir Path folder;
  private SigningRepository vendor;
  private final List<String> repaired = new ArrayList<>();

  @BeforeEach
  void aVendorWithSomeMegabytes() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    Map<String, byte[]> files = new HashMap<>();
    Random random = new Random(4);
    for (int i = 0; i < 40; i++) {
      byte[] part = new byte[i % 3 == 0 ? 1000 + i : 150_000 + i];
      random.nextBytes(part);
      files.put("part-" + i, part);
    }
    vendor.add(model("digits", "1.0.0"), files);
  }

  private Path publish(String name, PublishOptions options) throws RefusedException {
    Path out = folder.resolve(name);
    vendor.publish(out, options);
    assertThat(folder.resolve("vendor/repository/.parity")).doesNotExist();
    return out;
  }

  private void verify(Path... paths) throws RefusedException {
    try (Medium medium = Medium.open(List.of(paths), VolumePrompt.NOBODY)) {
      MediumClient client = MediumClient.open(medium, vendor.trustInMemory(), NOW);
      Catalog catalog = client.refresh();
      client.verifyAll(catalog, new Told());
    }
  }

  private final class Told implements Progress {
    @Override
    public void advance(long bytes) {}

    @Override
    public synchronized void repaired(String file) {
      repaired.add(file);
    }
  }

  private RefusedException refused(Path... paths) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> verify(paths));
    assertThat(refused).isNotNull();
    return refused;
  }

  private static List<Path> blobs(Path medium) throws IOException {
    try (Stream<Path> files = Files.walk(medium.resolve("blobs"))) {
      return files
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparingLong((Path file) -> file.toFile().length()).reversed())
          .toList();
    }
  }

  @Test
  void everyLossWithinTheParityOfAStripeIsMadeGood() {
    Random random = new Random(9);
    for (int[] size : new int[][] {{1, 1}, {5, 3}, {64, 8}, {200, 56}}) {
      var code = new ErasureCode(size[0], size[1]);
      byte[][] data = new byte[size[0]][300];
      for (byte[] shard : data) {
        random.nextBytes(shard);
      }
      byte[][] parity = new byte[size[1]][300];
      for (int i = 0; i < size[0]; i++) {
        for (int j = 0; j < size[1]; j++) {
          code.add(parity[j], j, i, data[i]);
        }
      }
      int lost = Math.min(size[0], size[1]);
      List<Integer> missing = shuffled(size[0], random).subList(0, lost);
      List<Integer> used = shuffled(size[1], random).subList(0, lost);
      for (int wanted : missing) {
        int[] weights = code.weights(wanted, missing, used);
        byte[] found = new byte[300];
        for (int j = 0; j < lost; j++) {
          GaloisField.addProduct(found, weights[j], parity[used.get(j)]);
        }
        for (int i = 0; i < size[0]; i++) {
          int weight = missing.contains(i) ? 0 : code.weight(i, used, weights);
          GaloisField.addProduct(found, weight, data[i]);
        }
        assertThat(found).isEqualTo(data[wanted]);
      }
    }
  }

  private static List<Integer> shuffled(int count, Random random) {
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    java.util.Collections.shuffle(numbers, random);
    return numbers;
  }

  @Test
  void anyOneBlobIsMadeAgainHoweverItIsLost() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER.withParity(1));
    List<Path> blobs = blobs(medium);
    for (int i = 0; i < blobs.size(); i += 6) {
      Path blob = blobs.get(i);
      byte[] good = Files.readAllBytes(blob);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      for (byte[] damaged : List.of(bad, Arrays.copyOf(good, good.length - 1), new byte[0])) {
        Files.write(blob, damaged);
        repaired.clear();
        verify(medium);
        assertThat(repaired).containsExactly(medium.relativize(blob).toString());
      }
      Files.delete(blob);
      verify(medium);
      Files.write(blob, good);
    }
    repaired.clear();
    verify(medium);
    assertThat(repaired).isEmpty();
  }

  @Test
  void aReadErrorOfTheDriveFallsBackToParityInAFolderAndInABundle() throws Exception {
    Path plain = publish("plain", PublishOptions.FOLDER);
    Path medium = publish("medium", PublishOptions.FOLDER.withParity(10));
    Path tar = publish("medium.tar", PublishOptions.BUNDLE.withParity(10));
    FaultyFileSystem disc = new FaultyFileSystem(Integer.MAX_VALUE, "");
    disc.scratch(blobs(medium).getFirst(), 70_000, 80_000);
    disc.scratch(blobs(plain).getFirst(), 70_000, 80_000);
    disc.scratch(tar, Files.size(tar) / 2, Files.size(tar) / 2 + 2048);
    assertThat(refused(disc.path(plain)).refusal())
        .isInstanceOfSatisfying(
            Unreadable.class, it -> assertThat(it.fault()).isEqualTo("Input/output error"));
    verify(disc.path(medium));
    assertThat(repaired).hasSize(1);
    verify(disc.path(tar));
    assertThat(repaired).hasSize(2);
  }

  @Test
  void moreIsLostThanTheParityHoldsIsRefusedWithEveryFault() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER.withParity(5));
    List<Path> blobs = blobs(medium);
    for (Path blob : blobs.subList(0, 20)) {
      Files.delete(blob);
    }
    assertThat(refused(medium).refusals())
        .hasSize(20)
        .allMatch(each -> each instanceof MissingFile);
  }

  @Test
  void scatteredLossesAreMadeGoodWhileParityIsDamagedToo() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER.withParity(50));
    List<Path> blobs = blobs(medium);
    for (Path blob : List.of(blobs.get(0), blobs.get(5), blobs.get(20))) {
      Files.delete(blob);
    }
    try (Stream<Path> files = Files.walk(medium.resolve("parity"))) {
      for (Path file : files.filter(Files::isRegularFile).limit(5).toList()) {
        Files.write(file, new byte[] {1});
      }
    }
    verify(medium);
    assertThat(repaired).hasSize(3);
  }

  @Test
  void parityThatLiesMakesNothingThatIsAccepted() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER.withParity(10));
    Path blob = blobs(medium).getFirst();
    byte[] bytes = Files.readAllBytes(blob);
    bytes[0] ^= 1;
    Files.write(blob, bytes);
    Path note = medium.resolve(ParityNote.FILE);
    String good = Files.readString(note);
    String[] lies = {
      good.replaceFirst("\"shards\":\\[\"(.{64})\",\"(.{64})\"", "\"shards\":[\"$2\",\"$1\""),
      good.replaceFirst("\"data\":[0-9]+", "\"data\":255"),
      good.replaceFirst("\"blobs\":[0-9]+", "\"blobs\":1"),
      good.replaceFirst("\"shard_bytes\":[0-9]+", "\"shard_bytes\":4096"),
      good.replaceFirst("\"shard_bytes\":[0-9]+", "\"shard_bytes\":1"),
      "{\"shards\":[" + "{},".repeat(3_000_000) + "{}]}",
      good.replaceFirst("\"bytes\":[0-9]+", "\"bytes\":1"),
      "{}",
      "x"
    };
    for (String lie : lies) {
      assertThat(lie).isNotEqualTo(good);
      Files.writeString(note, lie);
      assertThat(refused(medium).refusals()).hasAtLeastOneElementOfType(WrongBytes.class);
    }
    assertThat(repaired).isEmpty();
  }

  @Test
  void aWholeVolumeThatIsLostIsMadeAgainWhereParityIsEnough() throws Exception {
    Path set = publish("set", PublishOptions.FOLDER.withVolumes(2_200_000).withParity(60));
    List<Path> volumes;
    try (Stream<Path> all = Files.list(set)) {
      volumes = all.sorted().toList();
    }
    assertThat(volumes).hasSizeGreaterThan(3);
    List<Path> rest = new ArrayList<>(volumes);
    rest.remove(1);
    verify(rest.toArray(Path[]::new));
    assertThat(repaired).isNotEmpty();
    assertThat(refused(volumes.getFirst()).refusals())
        .hasAtLeastOneElementOfType(VolumeMissing.class);
  }

  /** Of a customer's machine a lost volume must not need more memory than it has. */
  @Test
  void oneBlobOfManyThatAreLostTakesTheMemoryOfItsOwnShards() throws Exception {
    Path medium = publish("medium", PublishOptions.FOLDER.withParity(100));
    try (Medium opened = Medium.folder(medium)) {
      MediumClient client = MediumClient.open(opened, vendor.trustInMemory(), NOW);
      List<Blob> carried = List.copyOf(PackageBlobs.of(client.refresh().packages()).values());
      for (Path blob : blobs(medium)) {
        Files.delete(blob);
      }
      ParityNote note = ParityNote.find(opened).orElseThrow();
      ParityRepair repair = ParityRepair.of(opened, carried).orElseThrow();
      repair.exclude(Set.copyOf(carried.stream().map(Blob::sha256).toList()));
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (Blob blob : carried.subList(0, 10)) {
        assertThat(repair.repair(blob.sha256())).isPresent();
      }
      long read = 10L * note.shards().size() * note.shardBytes();
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 * read);
    }
  }

  @Test
  void parityIsReproducible() throws Exception {
    Path one = publish("one.tar", PublishOptions.BUNDLE.withParity(10));
    assertThat(one)
        .hasSameBinaryContentAs(publish("two.tar", PublishOptions.BUNDLE.withParity(10)));
  }
}
