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
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  private static void verify(Path medium, TrustStore trust) throws RefusedException {
    MediumClient client = MediumClient.open(Medium.folder(medium), trust, NOW);
    Catalog catalog = client.refresh();
    client.verifyAll(catalog, Progress.SILENT);
    client.persist();
  }

  @Test
  void theGoodMediumIsAccepted() throws Exception {
    verify(Vector.good(), trust());
  }

  @Test
  void everyRecipeHasItsVector() throws Exception {
    assertThat(Vector.all().stream().map(Vector::name)).containsAll(VectorRecipes.names().toList());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aVectorIsAnsweredAsItSays(Vector vector) throws Exception {
    if (vector.after().isPresent()) {
      verify(Vector.named(vector.after().get()).medium(folder.resolve("before")), trust());
    }
    Path medium = vector.medium(folder.resolve("medium"));
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> verify(medium, trust()));
    Optional<List<String>> codes =
        Optional.ofNullable(refused)
            .map(each -> RefusalWords.problems(each, COMMAND))
            .map(problems -> problems.stream().map(Problem::code).distinct().toList());
    assertThat(codes).isEqualTo(vector.code().map(List::of));
  }
}
