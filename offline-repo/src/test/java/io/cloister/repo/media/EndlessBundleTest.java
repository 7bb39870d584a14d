package io.cloister.repo.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal.BadBundle;
import io.cloister.repo.RefusedException;
import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tar that would fill the memory, or the rest of the day. */
final class EndlessBundleTest extends TarAttack {
  @Test
  void refusesNamesWithoutEnd() {
    InputStream endless =
        new InputStream() {
          private int count;
          private byte[] header = new byte[0];
          private int at;

          @Override
          public int read() {
            throw new AssertionError("read in blocks");
          }

          @Override
          public int read(byte[] buffer, int from, int length) {
            if (at == header.length) {
              header = RawTar.text("targets/%080d.json".formatted(count++), "").header();
              at = 0;
            }
            int some = Math.min(length, header.length - at);
            System.arraycopy(header, at, buffer, from, some);
            at += some;
            return some;
          }
        };
    refused(endless, "more names than are kept in memory");
  }

  @Test
  void refusesFilesAtTheTopWithoutEnd() throws Exception {
    Path large = folder.resolve("large.tar");
    int before = first("blobs/");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      write(file, RawTar.bytes(parts.subList(0, before)));
      for (int i = 0; i < 5; i++) {
        Part top = RawTar.text("top-" + i, "");
        write(
            file,
            RawTar.bytes(List.of(top.with(b -> RawTar.put(b, 124, "%011o".formatted(4L << 30))))));
        file.seek(file.getFilePointer() + (4L << 30));
      }
      file.write(RawTar.bytes(parts.subList(before, parts.size())));
    }
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> verify(large));
    assertThat(refused.refusal())
        .isInstanceOfSatisfying(
            BadBundle.class, it -> assertThat(it.fault()).contains("bytes at the top"));
  }
}
