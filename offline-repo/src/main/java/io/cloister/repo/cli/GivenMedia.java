package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.VolumePrompt;
import io.cloister.repo.publish.Workspace;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.file.Path;
import java.util.List;

/** The medium or repository named on a command line. */
final class GivenMedia {
  private GivenMedia() {}

  /** A folder, a bundle, some of the volumes of a set, or a bundle on the standard input. */
  static Medium open(List<Path> paths) throws RefusedException {
    return paths.equals(List.of(Path.of("-")))
        ? Medium.pipe(new FileInputStream(FileDescriptor.in), VolumePrompt.NOBODY)
        : Medium.open(paths, VolumePrompt.NOBODY);
  }

  /** Its folder has the layout of a medium, without the list of digests. */
  static boolean isRepository(List<Path> paths) {
    return paths.size() == 1 && Workspace.isAt(paths.getFirst());
  }
}
