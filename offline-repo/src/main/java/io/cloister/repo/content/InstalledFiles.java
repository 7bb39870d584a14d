package io.cloister.repo.content;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.InstalledFileChanged;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Proves unpacked files again, against the manifest they came with. */
public final class InstalledFiles {
  private InstalledFiles() {}

  /**
   * Reads every file of the manifest below the folder and refuses with all that differ, each with
   * the offset of its first chunk that differs. Files that the manifest does not name are not
   * looked at.
   */
  public static void verify(PackageManifest manifest, Path folder) throws RefusedException {
    verify(manifest.files(), folder);
  }

  /** The same of some files of a manifest. */
  public static void verify(List<ManifestFile> files, Path folder) throws RefusedException {
    List<MediaRefusal> faults = new ArrayList<>();
    for (ManifestFile file : files) {
      findFault(file, folder, InstalledFiles::open).ifPresent(faults::add);
    }
    if (!faults.isEmpty()) {
      throw new RefusedException(faults);
    }
  }

  /** How a file's bytes are read; it never follows a link. */
  @FunctionalInterface
  public interface Opening {
    InputStream open(Path file) throws IOException;
  }

  private static InputStream open(Path path) throws IOException {
    return Files.newInputStream(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** The first difference between one file and its manifest. */
  public static Optional<InstalledFileChanged> findFault(
      ManifestFile file, Path folder, Opening opening) {
    Path path = folder.resolve(file.name());
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return changed(file, folder, 0, "a plain file", found(path));
    }
    try (InputStream stream = opening.open(path)) {
      return findFault(file, folder, stream);
    } catch (IOException e) {
      return changed(file, folder, 0, "readable", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<InstalledFileChanged> findFault(
      ManifestFile file, Path folder, InputStream stream) throws IOException {
    byte[] buffer = new byte[file.chunks().stream().mapToInt(Chunk::length).max().orElse(0)];
    for (Chunk chunk : file.chunks()) {
      int count = stream.readNBytes(buffer, 0, chunk.length());
      if (count < chunk.length()) {
        return changed(
            file,
            folder,
            chunk.offset(),
            file.length() + " bytes",
            chunk.offset() + count + " bytes");
      }
      Sha256 actual = Sha256.of(buffer, 0, count);
      if (!actual.equals(chunk.sha256())) {
        return changed(
            file, folder, chunk.offset(), "sha256 " + chunk.sha256(), "sha256 " + actual);
      }
    }
    return stream.read() < 0
        ? Optional.empty()
        : changed(file, folder, file.length(), file.length() + " bytes", "more");
  }

  private static String found(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? "a link or special file" : "nothing";
  }

  private static Optional<InstalledFileChanged> changed(
      ManifestFile file, Path folder, long offset, String expected, String actual) {
    return Optional.of(
        new InstalledFileChanged(folder.toString(), file.name(), offset, expected, actual));
  }
}
