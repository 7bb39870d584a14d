package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.FileFault;
import java.io.IOException;
import java.nio.file.Path;

/** Work on the files of a repository. */
@FunctionalInterface
interface FileWork<T> {
  T run() throws RefusedException, IOException;

  /** Does it; what the operating system refuses becomes a refusal that names the repository. */
  static <T> T in(Path repository, FileWork<T> work) throws RefusedException {
    try {
      return work.run();
    } catch (IOException e) {
      throw new RefusedException(new FileFault(repository.toString(), e.toString()));
    }
  }
}
