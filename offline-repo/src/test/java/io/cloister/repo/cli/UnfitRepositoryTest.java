package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.SigningRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories that no command could use, or that were damaged. */
final class UnfitRepositoryTest {
  private static final String KEYS =
      " --root @/key.pem --targets @/key.pem --snapshot @/key.pem --timestamp @/key.pem";
  private static final String SIGN = "sign @/repo --key @/key.pem";

  @TempDir Path folder;
  private Typed vendor = new Typed(Path.of(""), SigningRepository.NOW);

  @BeforeEach
  void aKey() {
    vendor = new Typed(folder, SigningRepository.NOW);
    vendor.type("key generate @/key.pem");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 36_501})
  void aRepositoryThatCouldNotBeOpenedIsNotMade(int days) {
    assertThat(vendor.refused("init @/repo --expires-days " + days + KEYS, "USAGE-ARGUMENT"))
        .contains("1 to 36500 days");
    assertThat(folder.resolve("repo")).doesNotExist();
    vendor.type("init @/repo --expires-days 36500" + KEYS);
    vendor.type(SIGN);
  }

  @Test
  void aManifestThatIsNotWhatItsNameSaysIsNotSigned() throws Exception {
    vendor.type("init @/repo" + KEYS);
    Files.createDirectory(folder.resolve("content"));
    Files.writeString(folder.resolve("content/file"), "content");
    vendor.type("add @/repo @/content --kind advisories --name some --version 1.0.0");
    Path stray = Files.writeString(folder.resolve("repo/targets/a.json"), "{}");
    assertThat(vendor.refused(SIGN, "USAGE-REPOSITORY")).contains("targets/a.json");
    Files.delete(stray);
    Path manifest;
    try (Stream<Path> manifests = Files.list(folder.resolve("repo/targets"))) {
      manifest = manifests.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(manifest, bytes);
    assertThat(vendor.refused(SIGN, "USAGE-REPOSITORY"))
        .contains(manifest.getFileName().toString())
        .contains("its SHA-256 is " + Sha256.of(bytes));
    assertThat(folder.resolve("repo/metadata/1.targets.json")).doesNotExist();
  }

  @Test
  void ofManyProblemsTheFirstAreShownAndTheOthersCounted() throws Exception {
    vendor.type("init @/repo" + KEYS);
    Path content = Files.createDirectory(folder.resolve("content"));
    for (int i = 0; i < 30; i++) {
      Files.writeString(content.resolve("part-" + i), "part " + i);
    }
    vendor.type("add @/repo @/content --kind advisories --name some --version 1.0.0");
    vendor.type(SIGN);
    vendor.type("publish @/repo @/medium");
    try (Stream<Path> blobs = Files.walk(folder.resolve("medium/blobs"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        Files.delete(blob);
      }
    }
    String told = vendor.refused("inspect @/medium", 5, "MEDIA-MISSING");
    assertThat(told.split("error:", -1)).hasSize(21);
    assertThat(told).endsWith("and 10 more: 10 of MEDIA-MISSING\n");
  }
}
