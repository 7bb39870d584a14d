package io.cloister.repo.media;

import io.cloister.repo.RefusedException;
import java.io.IOException;

/** Takes blobs off a medium, each once, in any order; called from several threads. */
@FunctionalInterface
public interface BlobSink {
  /**
   * Takes proven bytes, which are the sink's only until it returns.
   *
   * @throws RefusedException what they hold is not as signed; the others come nevertheless
   * @throws IOException they could not be put where they belong; nothing more comes
   */
  void take(Blob blob, byte[] stored) throws RefusedException, IOException;

  /** A volume, or the whole medium, is about to be read; of one thread. */
  default void arrived(Medium part) {}
}
