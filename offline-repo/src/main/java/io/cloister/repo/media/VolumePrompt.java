package io.cloister.repo.media;

import io.cloister.repo.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Asks a person for a volume that is needed next. */
@FunctionalInterface
public interface VolumePrompt {
  /** Where nobody can answer. */
  VolumePrompt NOBODY = _ -> Optional.empty();

  /** Where the volume is now; empty where nobody answers. */
  Optional<Path> ask(Question question);

  /**
   * What is needed.
   *
   * @param volumes any of them will do
   * @param count how many the set has
   * @param last where the last one was
   * @param fault why the answer before was of no use
   * @param again whether the answer before was a volume that has been read
   */
  record Question(
      List<Integer> volumes, int count, Path last, Optional<Refusal> fault, boolean again) {
    public Question {
      volumes = List.copyOf(volumes);
    }
  }
}
