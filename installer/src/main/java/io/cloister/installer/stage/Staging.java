package io.cloister.installer.stage;

import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Packages on their way to their place: their files beside it, filled chunk by chunk in any order,
 * each chunk at every place that needs it. A pipe, volumes in any order and a chunk that several
 * files share are all the same to it.
 */
final class Staging {
  private final HostPaths paths;
  private final List<VerifiedPackage> packages;
  private final Map<Chunk, List<Place>> places = new HashMap<>();

  /** Where a chunk belongs. */
  private record Place(Path file, long offset) {}

  private Staging(HostPaths paths, List<VerifiedPackage> packages) {
    this.paths = paths;
    this.packages = packages;
  }

  /** Makes empty files for everything. */
  static Staging begin(HostPaths paths, List<VerifiedPackage> packages) throws IOException {
    var staging = new Staging(paths, packages);
    for (VerifiedPackage each : packages) {
      Folders.delete(staging.folder(each.id()));
      DurableFiles.createFolders(staging.folder(each.id()));
      for (ManifestFile file : each.manifest().files()) {
        staging.create(file, staging.folder(each.id()).resolve(file.name()));
      }
    }
    return staging;
  }

  private void create(ManifestFile file, Path path) throws IOException {
    Files.createDirectories(parent(path));
    Files.createFile(path);
    for (Chunk chunk : file.chunks()) {
      places
          .computeIfAbsent(chunk.atStart(), _ -> new ArrayList<>())
          .add(new Place(path, chunk.offset()));
    }
  }

  /** What is not there yet, in manifest order. */
  SequencedSet<Chunk> missing() {
    return PackageReader.chunks(packages);
  }

  /**
   * Puts proven bytes wherever they belong; of several threads.
   *
   * @return how many bytes were written
   */
  long put(Chunk chunk, byte[] plain) throws IOException {
    List<Place> all = places.getOrDefault(chunk, List.of());
    for (Place place : all) {
      try (FileChannel channel = FileChannel.open(place.file(), StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(plain);
        while (rest.hasRemaining()) {
          channel.write(rest, place.offset() + rest.position());
        }
      }
    }
    return (long) all.size() * plain.length;
  }

  /** Forces everything to the disk and moves each package to its place in one step. */
  void finish() throws IOException {
    for (VerifiedPackage each : packages) {
      Path staged = folder(each.id());
      for (ManifestFile file : each.manifest().files()) {
        seal(file, staged.resolve(file.name()));
      }
      DurableFiles.write(staged.resolve(Stager.MANIFEST), each.manifestBytes(), "r--r--r--");
      forceFolders(each.manifest().files(), staged);
    }
    for (VerifiedPackage each : packages) {
      Path place = Stager.folder(paths, each.id());
      Folders.delete(place);
      DurableFiles.createFolders(parent(place));
      DurableFiles.move(folder(each.id()), place);
    }
    Set<Path> above = new TreeSet<>();
    packages.forEach(each -> above.add(parent(folder(each.id()))));
    Folders.deleteEmpty(List.copyOf(above));
  }

  private static void seal(ManifestFile file, Path path) throws IOException {
    DurableFiles.forceFile(path);
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(file.executable() ? "r-xr-xr-x" : "r--r--r--"));
  }

  private Path folder(PackageId id) {
    return (id.kind() == Kind.RUNTIME ? paths.stagedReleases() : paths.stagedModels())
        .resolve(id.toString());
  }

  private static void forceFolders(List<ManifestFile> files, Path staged) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (ManifestFile file : files) {
      for (Path up = parent(staged.resolve(file.name())); up.startsWith(staged); up = parent(up)) {
        folders.add(up);
      }
    }
    folders.add(staged);
    for (Path folder : folders) {
      DurableFiles.forceFolder(folder);
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no folder above " + path);
    }
    return parent;
  }
}
