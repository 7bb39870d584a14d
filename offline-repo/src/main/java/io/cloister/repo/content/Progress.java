package io.cloister.repo.content;

/** Told how many plain bytes were proven since the last call; called from several threads. */
@FunctionalInterface
public interface Progress {
  Progress SILENT = bytes -> {};

  void advance(long bytes);
}
