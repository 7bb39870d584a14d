package io.cloister.repo.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.testing.SigningRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lost key cannot be made again. */
final class KeyFileTest {
  @TempDir Path folder;

  private static Optional<RefusedException> write(Path file, SigningKey key) {
    return Optional.ofNullable(
        catchThrowableOfType(RefusedException.class, () -> KeyFile.write(file, key)));
  }

  @Test
  void aKeyBesideAnotherStays() throws Exception {
    Path other = folder.resolve("root.pem.new");
    assertThat(write(other, SigningRepository.key(1))).isEmpty();
    byte[] before = Files.readAllBytes(other);
    assertThat(write(folder.resolve("root.pem"), SigningRepository.key(2))).isEmpty();
    assertThat(other).hasBinaryContent(before);
    assertThat(Files.getPosixFilePermissions(other))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aLinkToNowhereIsNotFollowed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("root.pem"), folder.resolve("elsewhere"));
    assertThat(write(link, SigningRepository.key(1)).orElseThrow().refusal())
        .isInstanceOf(WouldOverwrite.class);
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void ofTwoThatMakeTheSameFileOneIsRefused() throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 200; round++) {
        Path file = folder.resolve("key-" + round + ".pem");
        List<Callable<Optional<RefusedException>>> both = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
          SigningKey key = SigningRepository.key(i);
          both.add(() -> write(file, key));
        }
        int refused = 0;
        for (Future<Optional<RefusedException>> each : threads.invokeAll(both)) {
          refused += each.get().isPresent() ? 1 : 0;
        }
        assertThat(refused).isEqualTo(1);
        assertThat(KeyFile.read(file, Passphrases.of(List.of(), _ -> Optional.empty())).key().id())
            .isNotEmpty();
      }
    }
  }
}
