package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.publish.KeyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the keys named on a command line. */
final class KeyFiles {
  private KeyFiles() {}

  static List<SigningKey> read(List<Path> files) throws RefusedException {
    List<SigningKey> keys = new ArrayList<>();
    for (Path file : files) {
      keys.add(KeyFile.read(file));
    }
    return keys;
  }
}
