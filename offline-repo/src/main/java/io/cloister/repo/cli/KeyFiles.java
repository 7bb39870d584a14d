package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.publish.KeyFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the keys named on a command line. */
final class KeyFiles {
  private KeyFiles() {}

  static Map<Path, SigningKey> readByFile(List<Path> files) throws RefusedException {
    Map<Path, SigningKey> keys = new LinkedHashMap<>();
    for (Path file : files) {
      keys.put(file, KeyFile.read(file));
    }
    return keys;
  }

  static List<SigningKey> read(List<Path> files) throws RefusedException {
    return List.copyOf(readByFile(files).values());
  }
}
