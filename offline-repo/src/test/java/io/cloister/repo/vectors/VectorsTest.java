package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.Problem;
import io.cloister.repo.RefusalWords;
import io.cloister.repo.RefusedCommand;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.ExistingChunks;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.VolumePrompt;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector says of itself what a reader must say; ours does. */
class VectorsTest {
  private static final RefusedCommand COMMAND =
      new RefusedCommand("the medium", "verify", "nothing was changed");

  @TempDir Path folder;

  @BeforeAll
  static void makeMissing(@TempDir Path scratch) throws Exception {
    if (Boolean.getBoolean("vectors.make")) {
      VectorRecipes.makeMissing(scratch);
    }
  }

  static List<Vector> vectors() throws IOException {
    return Vector.all();
  }

  private TrustStore trust() throws IOException {
    byte[] root = Files.readAllBytes(Vector.good().resolve("metadata/1.root.json"));
    return TrustStore.at(folder.resolve("trust"), new Anchor.RootDigest(Sha256.of(root)));
  }

  private static Catalog verify(Medium medium, TrustStore trust, ExistingChunks machine)
      throws RefusedException {
    try (medium) {
      MediumClient client = MediumClient.open(medium, trust, NOW);
      Catalog catalog = client.refresh();
      client.verifyAll(catalog, machine, Progress.SILENT);
      client.persist();
      return catalog;
    }
  }

  /** What a machine that installed the packages of a vector has. */
  private ExistingChunks chunksOf(String vector) throws Exception {
    Map<Chunk, byte[]> chunks = new ConcurrentHashMap<>();
    Path files = Vector.lay(vector, folder.resolve("machine"));
    MediumClient client = MediumClient.open(Medium.folder(files), trust(), NOW);
    var packages = client.refresh().packages();
    new PackageReader(Medium.folder(files), packages)
        .deliver(PackageReader.chunks(packages), chunks::put);
    return chunk -> Optional.ofNullable(chunks.get(chunk));
  }

  private ExistingChunks machine(Vector vector) throws Exception {
    return vector.form().machine().isPresent()
        ? chunksOf(vector.form().machine().get())
        : ExistingChunks.NONE;
  }

  @Test
  void theGoodMediumIsAccepted() throws Exception {
    verify(Medium.folder(Vector.good()), trust(), ExistingChunks.NONE);
  }

  @Test
  void everyRecipeHasItsVector() throws Exception {
    assertThat(Vector.all().stream().map(Vector::name)).containsAll(VectorRecipes.names().toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void aVectorIsAnsweredAsItSays(Vector vector) throws Exception {
    if (vector.after().isPresent()) {
      Path before = Vector.lay(vector.after().get(), folder.resolve("before"));
      verify(Medium.folder(before), trust(), ExistingChunks.NONE);
    }
    List<Path> media = vector.media(vector.lay(folder.resolve("files")));
    ExistingChunks machine = machine(vector);
    assertThat(codes(() -> Medium.open(media, VolumePrompt.NOBODY), machine))
        .isEqualTo(vector.code().map(List::of));
  }

  static Stream<Vector> searches() throws IOException {
    return Vector.all().stream().filter(each -> each.packages().isPresent());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("searches")
  void thePackagesThatAVectorNamesAreFound(Vector vector) throws Exception {
    List<Path> media = vector.media(vector.lay(folder.resolve("files")));
    Catalog found = verify(Medium.open(media, VolumePrompt.NOBODY), trust(), ExistingChunks.NONE);
    assertThat(found.packages().stream().map(each -> each.id().toString()))
        .containsExactlyElementsOf(vector.packages().orElseThrow());
  }

  static Stream<Vector> bundles() throws IOException {
    return Vector.all().stream().filter(each -> each.form().media().equals(List.of("medium.tar")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bundles")
  void aBundleIsAnsweredThroughAPipeAsInAFile(Vector vector) throws Exception {
    Path bundle = vector.media(vector.lay(folder.resolve("files"))).getFirst();
    try (InputStream in = Files.newInputStream(bundle)) {
      assertThat(codes(() -> Medium.pipe(in, VolumePrompt.NOBODY), machine(vector)))
          .isEqualTo(vector.code().map(List::of));
    }
  }

  @FunctionalInterface
  private interface Opening {
    Medium open() throws RefusedException;
  }

  /** Of the refusal; empty where there is none. */
  private Optional<List<String>> codes(Opening medium, ExistingChunks machine) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> verify(medium.open(), trust(), machine));
    return Optional.ofNullable(refused)
        .map(each -> RefusalWords.problems(each, COMMAND))
        .map(problems -> problems.stream().map(Problem::code).distinct().toList());
  }
}
