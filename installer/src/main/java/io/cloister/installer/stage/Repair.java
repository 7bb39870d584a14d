package io.cloister.installer.stage;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.InstalledContentChanged;
import io.cloister.installer.InstallRefusal.VersionReused;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.ExistingChunks;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts right what both slots hold, chunk by chunk: from what other installed packages have, then
 * from a medium. All that is wrong is made whole aside and proven before the first file takes its
 * place; what cannot be made whole leaves everything as it was.
 */
public final class Repair {
  private final HostPaths paths;
  private final ExistingChunks existing;
  private final Optional<Offer> offer;
  private final List<MendedFile> mended = new ArrayList<>();
  private final List<InstallRefusal> refusals = new ArrayList<>();

  /** A chunk that is nowhere on this machine, and the files that wait for it. */
  private final Map<Chunk, List<Waiting>> wanted = new LinkedHashMap<>();

  private record Waiting(MendedFile file, Chunk chunk) {}

  /**
   * A medium.
   *
   * @param name as the operator gave it
   * @param packages all that it holds
   */
  public record Offer(String name, List<VerifiedPackage> packages, PackageReader reader) {
    public Offer {
      packages = List.copyOf(packages);
    }
  }

  /** A file that was put right, and the package that it is of. */
  public record PutRight(InstalledPackage owner, Path file) {}

  public Repair(HostPaths paths, ExistingChunks existing, Optional<Offer> offer) {
    this.paths = paths;
    this.existing = existing;
    this.offer = offer;
  }

  /** Every package that may be started again, once. */
  public static List<InstalledPackage> packages(Slots slots) {
    Map<String, InstalledPackage> all = new LinkedHashMap<>();
    for (Deployment deployment : slots.deploymentsToKeep()) {
      deployment.packages().forEach(each -> all.putIfAbsent(each.id().toString(), each));
    }
    return List.copyOf(all.values());
  }

  /** Looks at every file of the packages; answers what was put right. */
  public List<PutRight> apply(List<InstalledPackage> packages)
      throws IOException, RefusedException, InstallRefusedException {
    MendedFile.deleteAll(paths);
    try {
      for (InstalledPackage installed : packages) {
        look(installed);
      }
      if (refusals.isEmpty()) {
        takeFromMedium();
      }
      if (!refusals.isEmpty()) {
        throw new InstallRefusedException(refusals);
      }
      for (MendedFile file : mended) {
        file.prove();
      }
      for (MendedFile file : mended) {
        file.takePlace();
      }
    } finally {
      MendedFile.deleteAll(paths);
    }
    return mended.stream().map(file -> new PutRight(file.owner(), file.path())).toList();
  }

  private void look(InstalledPackage installed)
      throws IOException, RefusedException, InstallRefusedException {
    Path folder = Stager.folder(paths, installed.id());
    Optional<byte[]> manifest = findManifest(installed, folder);
    if (manifest.isEmpty()) {
      refuse(installed, List.of(Stager.MANIFEST + " is another one"));
      return;
    }
    for (ManifestFile file : PackageManifest.parse(manifest.get(), Stager.MANIFEST).files()) {
      Optional<DamagedFile> damaged = DamagedFile.find(folder.resolve(file.name()), file);
      if (damaged.isPresent()) {
        mend(installed, damaged.get());
      }
    }
  }

  /** The signed manifest: where it lies, or else on the medium. */
  private Optional<byte[]> findManifest(InstalledPackage installed, Path folder)
      throws IOException, InstallRefusedException {
    Path file = folder.resolve(Stager.MANIFEST);
    Optional<byte[]> here = readManifest(file);
    if (here.filter(bytes -> isOf(installed, bytes)).isPresent()) {
      return here;
    }
    Optional<byte[]> offered = findOffered(installed).map(VerifiedPackage::manifestBytes);
    if (offered.isPresent()) {
      mended.add(MendedFile.whole(paths, mended.size(), installed, file, offered.get()));
    }
    return offered;
  }

  private static boolean isOf(InstalledPackage installed, byte[] manifest) {
    return Sha256.of(manifest).equals(installed.manifestSha256());
  }

  private static Optional<byte[]> readManifest(Path file) {
    try {
      return Files.size(file) <= PackageManifest.BYTES_MAX
          ? Optional.of(Files.readAllBytes(file))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The very same package on the medium; one of its name and version with other content is none.
   */
  private Optional<VerifiedPackage> findOffered(InstalledPackage installed)
      throws InstallRefusedException {
    Optional<VerifiedPackage> offered =
        offer.stream()
            .flatMap(o -> o.packages().stream())
            .filter(each -> each.id().equals(installed.id()))
            .findFirst();
    if (offered.isPresent() && !offered.get().manifestSha256().equals(installed.manifestSha256())) {
      throw new InstallRefusedException(
          new VersionReused(
              installed.id().toString(),
              installed.manifestSha256().hex(),
              offered.get().manifestSha256().hex()));
    }
    return offered;
  }

  private void mend(InstalledPackage installed, DamagedFile damaged)
      throws IOException, InstallRefusedException {
    MendedFile file = MendedFile.begin(paths, mended.size(), installed, damaged);
    mended.add(file);
    List<Chunk> nowhere = new ArrayList<>();
    for (Chunk chunk : damaged.wanted().chunks()) {
      Optional<byte[]> bytes = damaged.read(chunk).or(() -> existing.find(chunk.atStart()));
      if (bytes.isPresent()) {
        file.write(chunk, bytes.get());
      } else {
        nowhere.add(chunk);
      }
    }
    if (nowhere.isEmpty()) {
      return;
    }
    if (findOffered(installed).isEmpty()) {
      refuse(installed, new DamagedFile(damaged.path(), damaged.wanted(), nowhere).faults());
      return;
    }
    for (Chunk chunk : nowhere) {
      wanted.computeIfAbsent(chunk.atStart(), _ -> new ArrayList<>()).add(new Waiting(file, chunk));
    }
  }

  private void refuse(InstalledPackage installed, List<String> faults) {
    List<String> evidence = new ArrayList<>(faults);
    evidence.add(
        offer
            .map(o -> o.name() + " does not hold this package")
            .orElse("no other installed package has these bytes"));
    refusals.add(new InstalledContentChanged(installed.id().toString(), evidence));
  }

  private void takeFromMedium() throws IOException, RefusedException {
    if (wanted.isEmpty()) {
      return;
    }
    // What the medium shares between files comes once, and from several threads.
    Map<Chunk, List<Waiting>> waiting = new HashMap<>(wanted);
    Set<Chunk> chunks = new HashSet<>(waiting.keySet());
    PackageReader.refuse(
        offer
            .orElseThrow()
            .reader()
            .deliver(
                chunks,
                (chunk, plain) -> {
                  for (Waiting each : waiting.getOrDefault(chunk, List.of())) {
                    each.file().write(each.chunk(), plain);
                  }
                }));
  }
}
