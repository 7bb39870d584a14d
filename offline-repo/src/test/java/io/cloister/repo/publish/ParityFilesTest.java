package io.cloister.repo.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.media.Blob;
import io.cloister.repo.metadata.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parity that no reader would take is not made. */
final class ParityFilesTest {
  private static final int BLOB_BYTES = 16 << 20;

  @TempDir Path folder;

  /** None of them is there: a refusal comes before the first is read. */
  private static List<Blob> blobs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Sha256.of(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)))
        .map(digest -> new Blob(digest, BLOB_BYTES, () -> "a chunk"))
        .toList();
  }

  @Test
  void moreShardsThanAReaderTakesAreRefusedBeforeTheFirstIsMade() throws Exception {
    try (ParityFiles parity = ParityFiles.open(folder, 50)) {
      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> parity.make(blobs(13_000)));
      assertThat(refused.refusal())
          .isInstanceOfSatisfying(
              BadArgument.class,
              it -> {
                assertThat(it.argument()).isEqualTo("--parity 50");
                assertThat(it.fault()).contains("104000 parity shards", "100000");
              });
      assertThat(folder.resolve(".parity")).isEmptyDirectory();
    }
    assertThat(folder.resolve(".parity")).doesNotExist();
  }
}
