package io.cloister.repo.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.testing.FaultyFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever owns the folder exchanges each new name in it for a link, before any effect. */
final class DurableFilesTest {
  private static final byte[] BYTES = "secret".getBytes(StandardCharsets.UTF_8);

  @TempDir Path scratch;
  private Path victim;

  @FunctionalInterface
  private interface Writing {
    void write(Path file) throws IOException;
  }

  @BeforeEach
  void aFileOfSomebodyElse() throws Exception {
    victim = Files.writeString(scratch.resolve("victim"), "untouched");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-r--r-x"));
  }

  private void exchange(Path folder) {
    try (var names = Files.list(folder)) {
      for (Path name : names.toList()) {
        Files.delete(name);
        Files.createSymbolicLink(name, victim);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void theVictimIsUntouchedBy(Writing writing) throws Exception {
    for (int effect = 1; effect <= 8; effect++) {
      Path folder = Files.createTempDirectory(scratch, "folder");
      FaultyFileSystem disk = FaultyFileSystem.sound();
      disk.before(effect, () -> exchange(folder));
      try {
        writing.write(disk.path(folder.resolve("file")));
      } catch (IOException e) {
        assertThat(e).as("whoever owns the folder keeps it from being written").isNotNull();
      }
      assertThat(victim).as("before effect %d", effect).hasContent("untouched");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
          .as("before effect %d", effect)
          .isEqualTo("rw-r--r-x");
    }
  }

  @Test
  void aFileForItsOwnerAloneChangesNothingBehindTheLink() throws Exception {
    theVictimIsUntouchedBy(file -> DurableFiles.create(file, BYTES, "rw-------"));
  }
}
