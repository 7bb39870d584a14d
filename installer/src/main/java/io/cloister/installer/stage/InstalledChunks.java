package io.cloister.installer.stage;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.ExistingChunks;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The chunks of what both slots hold. A file that was changed since is as good as absent: bytes
 * count only when they hash to what a signed manifest says.
 */
public final class InstalledChunks implements ExistingChunks {
  private final Map<Sha256, List<Place>> places = new HashMap<>();

  /** Where plain bytes are. */
  private record Place(Path file, Chunk chunk) {}

  /** Of what may be started again. */
  public static InstalledChunks of(HostPaths paths, Slots slots) {
    var chunks = new InstalledChunks();
    Set<InstalledPackage> installed = new HashSet<>();
    for (Deployment deployment : slots.deploymentsToKeep()) {
      installed.addAll(deployment.packages());
    }
    installed.forEach(each -> chunks.add(Stager.folder(paths, each.id()), each));
    return chunks;
  }

  private void add(Path folder, InstalledPackage installed) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve(Stager.MANIFEST));
      if (Sha256.of(bytes).equals(installed.manifestSha256())) {
        for (ManifestFile file : PackageManifest.parse(bytes, Stager.MANIFEST).files()) {
          add(folder.resolve(file.name()), file.chunks());
        }
      }
    } catch (IOException | RefusedException e) {
      // A package that cannot be read has nothing to give; the medium or a refusal must.
      return;
    }
  }

  private void add(Path file, List<Chunk> chunks) {
    for (Chunk chunk : chunks) {
      places.computeIfAbsent(chunk.sha256(), _ -> new ArrayList<>()).add(new Place(file, chunk));
    }
  }

  /** The first place where the bytes are right. */
  @Override
  public Optional<byte[]> find(Chunk chunk) {
    return places.getOrDefault(chunk.sha256(), List.of()).stream()
        .filter(place -> place.chunk().length() == chunk.length())
        .map(place -> DamagedFile.read(place.file(), place.chunk()))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
