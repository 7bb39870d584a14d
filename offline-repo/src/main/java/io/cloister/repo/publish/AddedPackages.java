package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Targets.TargetFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The manifests in a repository's {@code targets}, signed or not. */
final class AddedPackages {
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.(.+)");

  private AddedPackages() {}

  /**
   * By target path. A file that is not what its name says was damaged; signed, it would be new
   * content.
   */
  static SortedMap<String, TargetFile> read(Path repository) throws RefusedException, IOException {
    SortedMap<String, TargetFile> packages = new TreeMap<>();
    Path folder = repository.resolve("targets");
    if (Files.notExists(folder)) {
      return packages;
    }
    try (Stream<Path> found = Files.list(folder)) {
      for (Path file : found.filter(each -> each.toString().endsWith(".json")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Sha256 digest = Sha256.of(bytes);
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches() || !name.group(1).equals(digest.hex())) {
          throw refused(repository, file, "its SHA-256 is " + digest);
        }
        if (packages.put(name.group(2), TargetFile.of(bytes)) != null) {
          throw refused(repository, file, "there is another manifest of " + name.group(2));
        }
      }
    }
    return packages;
  }

  private static RefusedException refused(Path repository, Path file, String fault) {
    return new RefusedException(
        new BadRepository(
            repository.toString(),
            "targets/%s is not SHA256.KIND-NAME-VERSION.json: %s"
                .formatted(file.getFileName(), fault)));
  }
}
