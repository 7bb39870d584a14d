package io.cloister.repo.media;

import io.cloister.repo.RefusedException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a medium, or a volume of one, may be.
 *
 * @param given as somebody typed it: of a drive that is where the next disc will be, too
 * @param path what is to be opened
 */
record VolumePlace(Path given, Path path) {

  /** Several where volumes lie in a folder which is no medium itself. */
  static List<VolumePlace> at(Path given) {
    return Folder.volumes(given).stream().map(path -> new VolumePlace(given, path)).toList();
  }

  Medium open() throws RefusedException {
    return Medium.openOne(path);
  }
}
