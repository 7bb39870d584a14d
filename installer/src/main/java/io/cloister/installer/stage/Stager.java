package io.cloister.installer.stage;

import io.cloister.installer.InstallRefusal.InstalledContentChanged;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.InstalledFiles;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Progress;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes verified packages to the host: beside their place, hashed while they are copied from the
 * medium, forced, then renamed in one step. It takes {@link VerifiedPackage}s and nothing else.
 */
public record Stager(HostPaths paths, PackageReader reader, Progress progress) {
  /** The exact bytes of the signed manifest, beside the files it names. */
  public static final String MANIFEST = "manifest.json";

  /** Where the files of a package lie. */
  public static Path folder(HostPaths paths, PackageId id) {
    return id.kind() == Kind.RUNTIME
        ? paths.release(id.version().toString())
        : paths.model(id.name(), id.version().toString());
  }

  /** Brings everything of the plan to its place; on failure the leftovers are the caller's. */
  public void apply(InstallPlan plan)
      throws IOException, RefusedException, InstallRefusedException {
    for (InstalledPackage present : plan.toReuse()) {
      verify(paths, present);
    }
    for (VerifiedPackage offered : plan.toStage()) {
      stage(offered);
    }
  }

  private void stage(VerifiedPackage offered) throws IOException, RefusedException {
    PackageId id = offered.id();
    Path staging =
        (id.kind() == Kind.RUNTIME ? paths.stagedReleases() : paths.stagedModels())
            .resolve(id.toString());
    Path place = folder(paths, id);
    Folders.delete(staging);
    Folders.delete(place);
    DurableFiles.createFolders(staging);
    for (ManifestFile file : offered.manifest().files()) {
      write(offered, file, staging);
    }
    DurableFiles.write(staging.resolve(MANIFEST), offered.manifestBytes(), "r--r--r--");
    forceFolders(offered.manifest().files(), staging);
    DurableFiles.createFolders(parent(place));
    DurableFiles.move(staging, place);
    Files.delete(parent(staging));
  }

  private void write(VerifiedPackage offered, ManifestFile file, Path staging)
      throws IOException, RefusedException {
    Path destination = staging.resolve(file.name());
    Files.createDirectories(parent(destination));
    try (FileChannel channel =
            FileChannel.open(destination, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      reader.copy(offered, file, out, progress);
      channel.force(true);
    }
    Files.setPosixFilePermissions(
        destination,
        PosixFilePermissions.fromString(file.executable() ? "r-xr-xr-x" : "r--r--r--"));
  }

  private static void forceFolders(List<ManifestFile> files, Path staging) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (ManifestFile file : files) {
      for (Path up = parent(staging.resolve(file.name()));
          up.startsWith(staging);
          up = parent(up)) {
        folders.add(up);
      }
    }
    folders.add(staging);
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

  /** Hashes an installed package again, against the manifest that was signed for it. */
  public static void verify(HostPaths paths, InstalledPackage installed)
      throws IOException, InstallRefusedException {
    Path folder = folder(paths, installed.id());
    try {
      byte[] manifest = Files.readAllBytes(folder.resolve(MANIFEST));
      Sha256 found = Sha256.of(manifest);
      if (!found.equals(installed.manifestSha256())) {
        throw changed(installed, List.of("manifest.json has sha256 " + found));
      }
      InstalledFiles.verify(PackageManifest.parse(manifest, MANIFEST), folder);
    } catch (RefusedException e) {
      throw changed(installed, e.refusals().stream().map(Object::toString).toList());
    }
  }

  private static InstallRefusedException changed(InstalledPackage installed, List<String> faults) {
    return new InstallRefusedException(
        new InstalledContentChanged(installed.id().toString(), faults));
  }
}
