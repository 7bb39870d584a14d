package io.cloister.installer.stage;

import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.client.ExistingChunks;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Packages on their way to their place: their files beside it, filled chunk by chunk in any order,
 * each chunk at every place that needs it. A pipe, volumes in any order and a chunk that several
 * files share are all the same to it.
 */
final class Staging {
  private final HostPaths paths;
  private final List<VerifiedPackage> packages;
  private final Map<Chunk, List<Place>> places = new HashMap<>();

  /** Where a chunk belongs and is not yet. */
  private record Place(StagedFile file, Chunk chunk) {}

  private Staging(HostPaths paths, List<VerifiedPackage> packages) {
    this.paths = paths;
    this.packages = packages;
  }

  /** What lies staged under that path of the host. */
  static Path folder(HostPaths paths, PackageId id) {
    return (id.kind() == Kind.RUNTIME ? paths.stagedReleases() : paths.stagedModels())
        .resolve(id.toString());
  }

  /** Makes empty files for everything; what others staged goes. */
  static Staging begin(HostPaths paths, List<VerifiedPackage> packages) throws IOException {
    Folders.delete(paths.stagedReleases());
    Folders.delete(paths.stagedModels());
    return resume(paths, packages);
  }

  /** Keeps what an earlier run brought, as far as it proves to be right. */
  static Staging resume(HostPaths paths, List<VerifiedPackage> packages) throws IOException {
    var staging = new Staging(paths, packages);
    for (VerifiedPackage each : packages) {
      Path folder = folder(paths, each.id());
      boolean begun = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
      DurableFiles.createFolders(folder);
      if (begun) {
        deleteStrangers(folder, each.manifest().files());
      }
      for (ManifestFile file : each.manifest().files()) {
        staging.add(new StagedFile(folder.resolve(file.name()), file), begun);
      }
    }
    return staging;
  }

  private static void deleteStrangers(Path folder, List<ManifestFile> files) throws IOException {
    Set<Path> known = new HashSet<>();
    files.forEach(file -> known.add(folder.resolve(file.name())));
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        boolean plain = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
            && !(plain && known.contains(path))) {
          Files.delete(path);
        }
      }
    }
  }

  private void add(StagedFile file, boolean begun) throws IOException {
    file.create();
    if (begun) {
      file.cut();
    }
    Set<Chunk> present = begun ? file.present() : Set.of();
    for (Chunk chunk : file.file().chunks()) {
      if (!present.contains(chunk)) {
        places.computeIfAbsent(chunk.atStart(), _ -> new ArrayList<>()).add(new Place(file, chunk));
      }
    }
  }

  /** What is not there yet, in manifest order. */
  SequencedSet<Chunk> missing() {
    SequencedSet<Chunk> missing = PackageReader.chunks(packages);
    missing.retainAll(places.keySet());
    return missing;
  }

  /** Bytes that were there when it began. */
  long presentBytes() {
    long all = packages.stream().mapToLong(each -> each.manifest().length()).sum();
    return all
        - places.values().stream()
            .flatMap(List::stream)
            .mapToLong(place -> place.chunk().length())
            .sum();
  }

  /**
   * Puts proven bytes wherever they belong; of several threads.
   *
   * @return how many bytes were written
   */
  long put(Chunk chunk, byte[] plain) throws IOException {
    List<Place> all = places.getOrDefault(chunk, List.of());
    for (Place place : all) {
      place.file().write(place.chunk(), plain);
    }
    return (long) all.size() * plain.length;
  }

  /**
   * Takes from the machine what it has already: that need not be read from the medium.
   *
   * @return what it has not
   */
  List<Chunk> putExisting(Collection<Chunk> wanted, ExistingChunks existing, PutListener told)
      throws IOException {
    List<Chunk> left = new ArrayList<>();
    for (Chunk chunk : wanted) {
      Optional<byte[]> here = existing.find(chunk);
      if (here.isEmpty()) {
        left.add(chunk);
      } else {
        told.put(put(chunk, here.get()));
      }
    }
    return left;
  }

  /** Told how many bytes were written. */
  @FunctionalInterface
  interface PutListener {
    void put(long bytes);
  }

  /** Forces everything to the disk and moves each package to its place in one step. */
  void finish() throws IOException {
    for (VerifiedPackage each : packages) {
      Path staged = folder(paths, each.id());
      for (ManifestFile file : each.manifest().files()) {
        seal(file, staged.resolve(file.name()));
      }
      DurableFiles.write(staged.resolve(Stager.MANIFEST), each.manifestBytes(), "r--r--r--");
      forceFolders(each.manifest().files(), staged);
    }
    Set<Path> above = new TreeSet<>();
    for (VerifiedPackage each : packages) {
      Path place = Stager.folder(paths, each.id());
      Folders.delete(place);
      DurableFiles.createFolders(parent(place));
      DurableFiles.move(folder(paths, each.id()), place);
      above.add(parent(folder(paths, each.id())));
    }
    Folders.deleteEmpty(List.copyOf(above));
  }

  /** Takes the leave to write, and forces the bytes with it. */
  static void seal(ManifestFile file, Path path) throws IOException {
    Files.setPosixFilePermissions(path, permissions(file));
    DurableFiles.forceFile(path);
  }

  /** Of an installed file. */
  static Set<PosixFilePermission> permissions(ManifestFile file) {
    return PosixFilePermissions.fromString(file.executable() ? "r-xr-xr-x" : "r--r--r--");
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
