package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.testing.SigningRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two commands on one repository, of which one only reads. */
final class PublishWhileSigningTest {
  private static final int MEDIA = 10;
  private static final String SIGN = "sign @/repo --renew --key @/key.pem";

  @TempDir Path folder;

  @Test
  void aMediumPublishedWhileOthersSignIsWhole() throws Exception {
    Typed vendor = new Typed(folder, SigningRepository.NOW);
    vendor.type("key generate @/key.pem");
    String key = " @/key.pem";
    vendor.type(
        "init @/repo --root%1$s --targets%1$s --snapshot%1$s --timestamp%1$s".formatted(key));
    Files.createDirectory(folder.resolve("content"));
    Files.writeString(folder.resolve("content/file"), "content");
    vendor.type("add @/repo @/content --kind advisories --name some --version 1.0.0");
    vendor.type(SIGN);
    AtomicBoolean over = new AtomicBoolean();
    Typed other = new Typed(folder, SigningRepository.NOW);
    try (var thread = Executors.newSingleThreadExecutor()) {
      Future<Integer> signed = thread.submit(() -> signUntil(over, other));
      try {
        for (int i = 0; i < MEDIA; i++) {
          vendor.type("publish @/repo @/medium-" + i);
          assertThat(vendor.type("verify @/medium-" + i)).contains("verified 1 packages");
        }
      } finally {
        over.set(true);
      }
      assertThat(signed.get()).as("versions signed meanwhile").isPositive();
    }
  }

  private static int signUntil(AtomicBoolean over, Typed other) {
    int versions = 0;
    while (!over.get()) {
      other.type(SIGN);
      versions++;
    }
    return versions;
  }
}
