package io.cloister.installer.stage;

import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An installed file that is made whole aside, where interrupted commands are cleaned up after, and
 * then takes its place in one step.
 *
 * @param path its place
 */
record MendedFile(InstalledPackage owner, Path path, StagedFile aside) {
  private static final String FOLDER = "repair";

  /**
   * Makes an empty file.
   *
   * @param number of this file among those that are mended
   */
  static MendedFile begin(HostPaths paths, int number, InstalledPackage owner, DamagedFile damaged)
      throws IOException {
    Path aside = folder(paths, owner.id().kind()).resolve(Integer.toString(number));
    DurableFiles.createFolders(folder(paths, owner.id().kind()));
    var staged = new StagedFile(aside, damaged.wanted());
    staged.create();
    return new MendedFile(owner, damaged.path(), staged);
  }

  /** One that is whole already, as a single chunk would be. */
  static MendedFile whole(
      HostPaths paths, int number, InstalledPackage owner, Path path, byte[] bytes)
      throws IOException {
    String name = String.valueOf(path.getFileName());
    Sha256 digest = Sha256.of(bytes);
    // A manifest may be longer than a chunk: it is proven by its digest, below.
    var wanted = new ManifestFile(name, 0, false, digest, List.of());
    MendedFile file = begin(paths, number, owner, new DamagedFile(path, wanted, List.of()));
    Files.write(file.aside().path(), bytes);
    return file;
  }

  /** On the file system of its place, so that a rename moves it. */
  private static Path folder(HostPaths paths, Kind kind) {
    return (kind == Kind.RUNTIME ? paths.stagedReleases() : paths.stagedModels()).resolve(FOLDER);
  }

  /** Takes away all that lies aside. */
  static void deleteAll(HostPaths paths) throws IOException {
    for (Kind kind : List.of(Kind.RUNTIME, Kind.MODEL)) {
      Path folder = folder(paths, kind);
      Folders.delete(folder);
      Folders.deleteEmpty(List.of(parent(folder)));
    }
  }

  /** Puts a chunk where it belongs; of several threads. */
  void write(Chunk chunk, byte[] plain) throws IOException {
    aside.write(chunk, plain);
  }

  /** Reads it back: what takes the place of a damaged file is right. */
  void prove() throws IOException {
    boolean whole =
        aside.file().chunks().isEmpty()
            ? Sha256.of(Files.readAllBytes(aside.path())).equals(aside.file().sha256())
            : aside.present().equals(new HashSet<>(aside.file().chunks()));
    if (!whole) {
      throw new IOException(aside.path() + " is not what was written: the disk is failing");
    }
    Staging.seal(aside.file(), aside.path());
  }

  /** In one step, into a folder that may be read-only. */
  void takePlace() throws IOException {
    Path folder = parent(path);
    DurableFiles.createFolders(folder);
    Optional<Set<PosixFilePermission>> readOnly = unlock(folder);
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Folders.delete(path);
      }
      DurableFiles.move(aside.path(), path);
    } finally {
      if (readOnly.isPresent()) {
        Files.setPosixFilePermissions(folder, readOnly.get());
      }
    }
  }

  /** Empty where it could be written anyway, as root can. */
  private static Optional<Set<PosixFilePermission>> unlock(Path folder) throws IOException {
    if (Files.isWritable(folder)) {
      return Optional.empty();
    }
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(folder);
    Set<PosixFilePermission> open = EnumSet.copyOf(before);
    open.addAll(PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(folder, open);
    return Optional.of(before);
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }
}
