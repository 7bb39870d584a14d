package io.cloister.repo.client;

import io.cloister.repo.content.Chunk;
import java.util.Optional;

/** What a machine has already, so that a delta medium may leave it out. */
@FunctionalInterface
public interface ExistingChunks {
  /** A machine that has nothing. */
  ExistingChunks NONE = _ -> Optional.empty();

  /** The plain bytes, proven again when they are read. */
  Optional<byte[]> find(Chunk chunk);
}
