package io.cloister.repo.client;

import io.cloister.repo.content.Chunk;
import java.io.IOException;

/** Takes the plain bytes of chunks, each once, in any order; called from several threads. */
@FunctionalInterface
public interface ChunkSink {
  /**
   * Takes proven bytes.
   *
   * @param chunk at offset 0, wherever it is needed
   * @throws IOException they could not be put where they belong; nothing more comes
   */
  void take(Chunk chunk, byte[] plain) throws IOException;
}
