package io.cloister.installer.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.metadata.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large chunks go past the page cache, the rest of them does not, and the file is the same. */
final class StagedFileTest {
  @TempDir Path folder;

  private static List<Chunk> chunks(byte[] content, int length) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < content.length; at += length) {
      byte[] part = Arrays.copyOfRange(content, at, Math.min(at + length, content.length));
      chunks.add(new Chunk(at, part.length, Sha256.of(part), Optional.empty()));
    }
    return chunks;
  }

  private static void isTheSame(Path path, int bytes, int chunkBytes) throws Exception {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    List<Chunk> chunks = chunks(content, chunkBytes);
    var file = new ManifestFile("f", bytes, false, Sha256.of(content), chunks);
    var staged = new StagedFile(path, file);
    staged.create();
    List<Chunk> order = new ArrayList<>(chunks);
    Collections.shuffle(order, new Random(1));
    for (Chunk chunk : order) {
      int from = Math.toIntExact(chunk.offset());
      staged.write(chunk, Arrays.copyOfRange(content, from, from + chunk.length()));
    }
    assertThat(path).hasBinaryContent(content);
    assertThat(staged.present()).containsExactlyInAnyOrderElementsOf(chunks);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1 << 20, (4 << 20) + 1, 10_000_000, 12 << 20})
  void chunksInAnyOrderMakeTheFile(int bytes) throws Exception {
    isTheSame(folder.resolve("aligned"), bytes, 4 << 20);
    isTheSame(folder.resolve("odd"), bytes, 3_000_001);
  }

  @Test
  void soTheyDoWhereTheFileSystemKnowsNoOtherWayThanThePageCache() throws Exception {
    Path file = Files.createTempFile(Path.of("/dev/shm"), "staged", "");
    try {
      isTheSame(file, 10_000_000, 4 << 20);
    } finally {
      Files.delete(file);
    }
  }
}
