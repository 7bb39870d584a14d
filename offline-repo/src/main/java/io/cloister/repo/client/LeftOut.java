package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.BaseAbsent;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a medium says that it leaves out. Nobody signed that.
 *
 * @param delta empty on a medium that is whole
 * @param blobs of the base's packages, as far as the medium's own metadata knows those
 */
record LeftOut(Optional<Delta> delta, Map<Sha256, Blob> blobs) {

  static LeftOut of(Medium medium, List<VerifiedPackage> packages) throws RefusedException {
    Optional<Delta> delta = Delta.find(medium);
    if (delta.isEmpty()) {
      return new LeftOut(delta, Map.of());
    }
    Map<String, Sha256> base = delta.get().base();
    List<VerifiedPackage> known =
        packages.stream()
            .filter(each -> each.manifestSha256().equals(base.get(each.id().toString())))
            .toList();
    return new LeftOut(delta, PackageBlobs.of(known));
  }

  boolean contains(Chunk chunk) {
    return blobs.containsKey(chunk.blob());
  }

  /** Refuses where something is left out that cannot be had elsewhere either. */
  void refuse(List<Chunk> absent) throws RefusedException {
    if (!absent.isEmpty()) {
      throw new RefusedException(
          new BaseAbsent(
              List.copyOf(delta.orElseThrow().base().sequencedKeySet()),
              absent.size(),
              absent.stream().mapToLong(Chunk::storedLength).sum()));
    }
  }
}
