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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The chunks of what both slots hold. A file that was changed since is as good as absent: bytes
 * count only when they hash to what a signed manifest says.
 */
public final class InstalledChunks implements ExistingChunks {
  private final Map<Sha256, Place> places = new HashMap<>();

  /** Where plain bytes are. */
  private record Place(Path file, long offset, int length) {}

  /** Of what may be started again. */
  public static InstalledChunks of(HostPaths paths, Slots slots) {
    var chunks = new InstalledChunks();
    Set<InstalledPackage> installed = new HashSet<>();
    for (Deployment deployment : slots.deploymentsToKeep()) {
      Stream.concat(Stream.of(deployment.release()), deployment.models().stream())
          .forEach(installed::add);
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
      places.putIfAbsent(chunk.sha256(), new Place(file, chunk.offset(), chunk.length()));
    }
  }

  @Override
  public Optional<byte[]> find(Chunk chunk) {
    Place place = places.get(chunk.sha256());
    if (place == null || place.length() != chunk.length()) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(place.length());
    try (FileChannel channel =
        FileChannel.open(
            place.file(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, place.offset() + bytes.position()) < 0) {
          return Optional.empty();
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Sha256.of(bytes.array()).equals(chunk.sha256())
        ? Optional.of(bytes.array())
        : Optional.empty();
  }
}
