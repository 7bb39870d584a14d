package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal.WrongLength;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that is more than files at rest: one that changes, has no end, or holds more than it
 * should.
 */
class HostileSourceTest {
  private static final PackageId DIGITS = model("digits", "1.0.0");

  @TempDir Path folder;
  private SigningRepository vendor;
  private Path medium;

  @BeforeEach
  void publish() throws Exception {
    medium = folder.resolve("medium");
    vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor
        .add(DIGITS, Map.of("model.onnx", new byte[5000], "golden.json", new byte[70]))
        .publish(medium);
  }

  private Catalog verify(Path from) throws RefusedException {
    MediumClient client = MediumClient.open(Medium.folder(from), vendor.trustInMemory(), NOW);
    Catalog catalog = client.refresh();
    client.verifyAll(catalog, Progress.SILENT);
    return catalog;
  }

  private List<Path> files(String part) throws IOException {
    try (Stream<Path> files = Files.walk(medium.resolve(part))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void manifestsAndBlobsAreOpenedOnceSoThatNoSecondReadCanDiffer() throws Exception {
    var counting = new FaultyFileSystem(Integer.MAX_VALUE, "never");
    verify(counting.path(medium));
    assertThat(files("blobs")).isNotEmpty().allMatch(each -> counting.opened(each) == 1);
    assertThat(files("targets")).isNotEmpty().allMatch(each -> counting.opened(each) == 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 31) + 1, (1L << 32) + 1, 1L << 40})
  void aBlobThatGrewIsRefusedByItsTrueLengthAndNotReadToItsEnd(long length) throws Exception {
    Path blob = files("blobs").getFirst();
    try (var sparse = new RandomAccessFile(blob.toFile(), "rw")) {
      sparse.setLength(length);
    }
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> verify(medium));
    assertThat(refused.refusal()).isInstanceOf(WrongLength.class);
  }

  @Test
  void whatNoRoleNamesIsNotOnTheMediumHoweverWellItIsMade() throws Exception {
    Path other = folder.resolve("other");
    SigningRepository.create(folder.resolve("stranger"))
        .add(model("extra", "9.0.0"), Map.of("model.onnx", new byte[9000]))
        .publish(other);
    for (String part : List.of("targets", "blobs")) {
      try (Stream<Path> files = Files.walk(other.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path place = medium.resolve(other.relativize(file).toString());
          Files.createDirectories(place.resolveSibling(".").normalize());
          Files.copy(file, place);
        }
      }
    }
    Catalog catalog = verify(medium);
    assertThat(catalog.packages()).extracting(VerifiedPackage::id).containsExactly(DIGITS);
    assertThat(PackageReader.chunks(catalog.packages()))
        .noneMatch(chunk -> chunk.sha256().equals(Sha256.of(new byte[9000])));
  }
}
