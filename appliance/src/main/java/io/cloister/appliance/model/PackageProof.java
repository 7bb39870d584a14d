package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import io.cloister.repo.MediaRefusal.InstalledFileChanged;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.InstalledFiles;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Proves that a folder holds exactly what the signed manifest says; a file may be proven before the
 * others.
 */
final class PackageProof {
  private static final String MANIFEST = "manifest.json";

  private final Path folder;
  private final List<ManifestFile> files;

  private PackageProof(Path folder, List<ManifestFile> files) {
    this.folder = folder;
    this.files = files;
  }

  /** Proves the manifest and looks at nothing else. */
  static PackageProof begin(ModelVersion model, Path folder) throws ModelRefused {
    try {
      byte[] bytes = Documents.read(folder.resolve(MANIFEST), PackageManifest.BYTES_MAX);
      String actual = Sha256.of(bytes, 0, bytes.length).toString();
      if (!actual.equals(model.manifestSha256())) {
        throw new ModelRefused(
            "its manifest was changed: expected sha256 %s, found %s"
                .formatted(model.manifestSha256(), actual));
      }
      PackageManifest manifest = PackageManifest.parse(bytes, MANIFEST);
      checkIdentity(model, manifest.id());
      return new PackageProof(folder, manifest.files());
    } catch (IOException e) {
      throw new ModelRefused("its manifest cannot be read: " + e, e);
    } catch (RefusedException e) {
      throw new ModelRefused(words(e.refusal()), e);
    }
  }

  private static void checkIdentity(ModelVersion model, PackageId id) throws ModelRefused {
    boolean same =
        id.kind() == Kind.MODEL
            && id.name().equals(model.name())
            && id.version().toString().equals(model.version());
    if (!same) {
      throw new ModelRefused("its manifest is of " + id + ", not of model " + model.title());
    }
  }

  /** Proves this file, which the manifest must name. */
  void prove(String name) throws ModelRefused {
    require(name);
    prove(name::equals);
  }

  /** Proves the files but this one, which was proven before. */
  void proveAllBut(String name) throws ModelRefused {
    prove(each -> !each.equals(name));
  }

  /** Those of the manifest: nothing else may be read. */
  Set<String> names() {
    return files.stream().map(ManifestFile::name).collect(Collectors.toSet());
  }

  /** Answers the name of a file that the manifest names. */
  String require(String name) throws ModelRefused {
    if (!names().contains(name)) {
      throw new ModelRefused("its manifest names no file " + name);
    }
    return name;
  }

  private void prove(Predicate<String> wanted) throws ModelRefused {
    try {
      InstalledFiles.verify(
          files.stream().filter(file -> wanted.test(file.name())).toList(), folder);
    } catch (RefusedException e) {
      throw new ModelRefused(words(e.refusal()), e);
    }
  }

  private static String words(Refusal refusal) {
    return refusal instanceof InstalledFileChanged changed
        ? "its file %s was changed at byte %d: expected %s, found %s"
            .formatted(changed.file(), changed.offset(), changed.expected(), changed.actual())
        : "its manifest is refused: " + refusal;
  }
}
