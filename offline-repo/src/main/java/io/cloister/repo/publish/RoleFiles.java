package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metadata of a repository: in {@code metadata} what is signed to its threshold, in the layout
 * of media; in {@code staged} the one next version of a role that waits for signatures.
 */
final class RoleFiles {
  private final Path repository;

  RoleFiles(Path repository) {
    this.repository = repository;
  }

  Path repository() {
    return repository;
  }

  /** In {@code metadata}. */
  Path file(RoleName role, long version) {
    boolean numbered = !role.equals(RoleName.TIMESTAMP);
    return repository
        .resolve("metadata")
        .resolve((numbered ? version + "." : "") + role.fileName());
  }

  /** The newest that is signed to its threshold. */
  Optional<Signed<?>> findNewest(RoleName role) throws RefusedException, IOException {
    return read(role, file(role, newestVersion(role)));
  }

  /** A version that is signed to its threshold; of the timestamp only the newest is kept. */
  Optional<Signed<?>> find(RoleName role, long version) throws RefusedException, IOException {
    return read(role, file(role, version)).filter(each -> each.version() == version);
  }

  /** The next version. What a power cut left there after it was signed is not taken for one. */
  Optional<Signed<?>> findStaged(RoleName role) throws RefusedException, IOException {
    long next = findNewest(role).map(Signed::version).orElse(0L) + 1;
    return read(role, staged(role)).filter(each -> each.version() == next);
  }

  private static Optional<Signed<?>> read(RoleName role, Path file)
      throws RefusedException, IOException {
    return Files.exists(file)
        ? Optional.of(parse(role.form(), Files.readAllBytes(file), file.toString()))
        : Optional.empty();
  }

  static Signed<?> parse(RoleType form, byte[] bytes, String file) throws RefusedException {
    return switch (form) {
      case ROOT -> Signed.parseRoot(bytes, file);
      case TARGETS -> Signed.parseTargets(bytes, file);
      case SNAPSHOT -> Signed.parseSnapshot(bytes, file);
      case TIMESTAMP -> Signed.parseTimestamp(bytes, file);
    };
  }

  /** Waits for signatures from now on, in place of what waited before. */
  void stage(RoleName role, Signed<?> next) throws IOException {
    DurableFiles.createFolders(repository.resolve("staged"));
    DurableFiles.write(staged(role), next.bytes());
  }

  /** Is signed to its threshold. */
  void promote(RoleName role, Signed<?> next) throws IOException {
    DurableFiles.write(file(role, next.version()), next.bytes());
    DurableFiles.deleteIfExists(staged(role));
  }

  private Path staged(RoleName role) {
    return repository.resolve("staged").resolve(role.fileName());
  }

  /** The highest version of a role's numbered files; 0 where there is none. */
  long newestVersion(RoleName role) throws IOException {
    Pattern numbered = Pattern.compile("([1-9][0-9]{0,17})\\." + Pattern.quote(role.fileName()));
    try (Stream<Path> files = Files.list(repository.resolve("metadata"))) {
      return files
          .map(file -> numbered.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .max()
          .orElse(0);
    }
  }
}
