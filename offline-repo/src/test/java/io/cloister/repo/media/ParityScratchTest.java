package io.cloister.repo.media;

import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.testing.SigningRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parity is made in the repository, where there is room and nobody else's files are. */
final class ParityScratchTest {
  @TempDir Path folder;
  private SigningRepository vendor;

  @BeforeEach
  void aVendor() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("part", new byte[100_000]));
  }

  @Test
  void nothingOfAnotherRunIsTakenForScratchSpace() throws Exception {
    vendor.publish(folder.resolve("first"), PublishOptions.FOLDER);
    Path own = Files.createDirectories(folder.resolve("vendor/repository/.parity"));
    Files.writeString(own.resolve("shard"), "of another run");
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> vendor.publish(folder.resolve("medium"), PublishOptions.FOLDER.withParity(5)));
    assertThat(refused.refusal()).isInstanceOf(WouldOverwrite.class);
    vendor.publish(folder.resolve("second"), PublishOptions.FOLDER);
    assertThat(own.resolve("shard")).hasContent("of another run");
  }

  @Test
  void parityOfAMountedStickNeedsNothingBesideIt() throws Exception {
    Path media = Files.createDirectories(folder.resolve("media"));
    Path stick = Files.createDirectory(media.resolve("stick"));
    Path beside = Files.writeString(media.resolve("stick.parity"), "mine");
    vendor.publish(stick, PublishOptions.FOLDER.withParity(5));
    assertThat(stick.resolve("parity.json")).isRegularFile();
    assertThat(beside).hasContent("mine");
  }
}
