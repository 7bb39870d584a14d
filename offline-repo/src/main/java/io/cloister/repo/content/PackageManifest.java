package io.cloister.repo.content;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.JsonException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a package is made of; format in {@code docs/format/package-manifest.md}.
 *
 * @param created UTC, whole seconds
 * @param files ordered by name
 */
public record PackageManifest(PackageId id, Instant created, List<ManifestFile> files) {
  /** Longest manifest that is read. */
  public static final int BYTES_MAX = 64 << 20;

  public static final int FILES_MAX = 100_000;

  public PackageManifest {
    files = List.copyOf(files);
    checkNames(files);
  }

  /**
   * Reads a manifest; refuses everything that the format does not allow.
   *
   * @param file its name, for the refusal
   */
  public static PackageManifest parse(byte[] bytes, String file) throws RefusedException {
    try {
      return ManifestForm.parse(bytes);
    } catch (JsonException e) {
      throw new RefusedException(
          new MediaRefusal.MalformedManifest(file, String.valueOf(e.getMessage())));
    }
  }

  /** The document: canonical JSON, so that equal packages have equal bytes. */
  public byte[] encode() {
    return ManifestForm.encode(this);
  }

  /** Bytes when unpacked. */
  public long length() {
    return files.stream().mapToLong(ManifestFile::length).sum();
  }

  /** Case is ignored, for the sake of file systems that ignore it. */
  private static void checkNames(List<ManifestFile> files) {
    if (files.isEmpty() || files.size() > FILES_MAX) {
      throw new IllegalArgumentException("a package has 1 to " + FILES_MAX + " files");
    }
    Set<String> names = new HashSet<>();
    for (ManifestFile file : files) {
      if (!names.add(file.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("two files are named " + file.name());
      }
    }
    for (ManifestFile file : files) {
      for (String folder : FileName.folders(file.name().toLowerCase(Locale.ROOT))) {
        if (names.contains(folder)) {
          throw new IllegalArgumentException(folder + " is a file and a folder");
        }
      }
    }
  }
}
