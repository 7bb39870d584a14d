package io.cloister.repo.content;

import io.cloister.repo.metadata.Sha256;
import java.util.List;

/**
 * One file of a package.
 *
 * @param name by the rule of {@link FileName}
 * @param length bytes
 * @param sha256 of the whole file
 * @param chunks in order, without gap or overlap, covering the file
 */
public record ManifestFile(
    String name, long length, boolean executable, Sha256 sha256, List<Chunk> chunks) {
  public static final long LENGTH_MAX = 1L << 40;

  public ManifestFile {
    FileName.checkPacked(name);
    chunks = List.copyOf(chunks);
    if (length < 0 || length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "%s: length is %d, allowed 0 to %d".formatted(name, length, LENGTH_MAX));
    }
    long end = 0;
    for (Chunk chunk : chunks) {
      if (chunk.offset() != end) {
        throw new IllegalArgumentException(
            "%s: a chunk starts at %d, expected %d".formatted(name, chunk.offset(), end));
      }
      end = Math.addExact(end, chunk.length());
    }
    if (end != length) {
      throw new IllegalArgumentException(
          "%s: its chunks end at %d, its length is %d".formatted(name, end, length));
    }
  }
}
