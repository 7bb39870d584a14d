package io.cloister.repo.publish;

import io.cloister.repo.client.Catalog;
import io.cloister.repo.media.Delta;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was written.
 *
 * @param paths of the medium, or of each volume
 * @param delta what was left out, where something was to be
 */
public record Published(Catalog catalog, List<Path> paths, Optional<Delta> delta) {
  public Published {
    paths = List.copyOf(paths);
  }
}
