package io.cloister.repo.client;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.media.Medium;
import java.io.IOException;

/** Takes the plain bytes of chunks, each once, in any order; called from several threads. */
@FunctionalInterface
public interface ChunkSink {
  /**
   * Takes proven bytes, which are the sink's only until it returns.
   *
   * @param chunk at offset 0, wherever it is needed
   * @throws IOException they could not be put where they belong; nothing more comes
   */
  void take(Chunk chunk, byte[] plain) throws IOException;

  /** A blob could not be read, and what it holds was made again from parity. */
  default void repaired(String file) {}

  /** A volume, or the whole medium, is about to be read. */
  default void arrived(Medium part) {}
}
