package io.cloister.repo.content;

/** Told how many plain bytes were proven since the last call; called from several threads. */
@FunctionalInterface
public interface Progress {
  Progress SILENT = bytes -> {};

  void advance(long bytes);

  /**
   * Told that a file of the medium could not be read as it was signed, and was made again from
   * parity: the medium wears out.
   */
  default void repaired(String file) {}
}
