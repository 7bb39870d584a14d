package io.cloister.repo.conformance;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.MediaRefusal.WrongLength;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Hashes;
import io.cloister.repo.metadata.Targets.TargetFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Downloads target files (TUF 1.0.34 §5.7) into one folder, each under its percent-encoded path.
 *
 * @param hashPrefixed whether the repository names them by digest
 */
record TargetDownload(HttpRepository repository, Path folder, boolean hashPrefixed) {
  private static final int BYTES_MAX = 256 << 20;

  /** Does nothing where the very file lies there already. */
  void download(String path, TargetFile target) throws RefusedException, IOException {
    Path file = folder.resolve(URLEncoder.encode(path, StandardCharsets.UTF_8));
    if (Files.exists(file) && findFault(path, target, Files.readAllBytes(file)).isEmpty()) {
      return;
    }
    byte[] bytes = repository.read(name(path, target), (int) Math.min(BYTES_MAX, target.length()));
    Optional<RefusedException> fault = findFault(path, target, bytes);
    if (fault.isPresent()) {
      throw fault.get();
    }
    DurableFiles.write(file, bytes);
  }

  private String name(String path, TargetFile target) {
    int name = path.lastIndexOf('/') + 1;
    String prefix = hashPrefixed ? target.hashes().prefix() + "." : "";
    return path.substring(0, name) + prefix + path.substring(name);
  }

  private static Optional<RefusedException> findFault(
      String path, TargetFile target, byte[] bytes) {
    Where where = Where.of(path);
    if (bytes.length != target.length()) {
      return Optional.of(
          new RefusedException(new WrongLength(where, target.length(), bytes.length)));
    }
    Optional<Hashes.Mismatch> mismatch = target.hashes().findMismatch(bytes);
    return mismatch.map(
        it -> new RefusedException(new WrongBytes(where, bytes.length, it.stated(), it.actual())));
  }
}
