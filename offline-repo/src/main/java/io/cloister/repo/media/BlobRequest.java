package io.cloister.repo.media;

import io.cloister.repo.metadata.Sha256;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is asked of a medium.
 *
 * @param all every blob of the packages on it, in manifest order: nothing else may be there
 * @param wanted those to be handed over
 */
public record BlobRequest(SequencedMap<Sha256, Blob> all, Set<Sha256> wanted) {
  public BlobRequest {
    wanted = Set.copyOf(wanted);
    if (!all.keySet().containsAll(wanted)) {
      throw new IllegalArgumentException("a blob is wanted that no manifest names");
    }
  }

  /** In manifest order. */
  public List<Blob> wantedBlobs() {
    return all.values().stream().filter(blob -> wanted.contains(blob.sha256())).toList();
  }

  /** The same with fewer. */
  BlobRequest only(Predicate<Sha256> kept) {
    return new BlobRequest(all, Set.copyOf(wanted.stream().filter(kept).toList()));
  }

  /** Keeps the first of those with one digest. */
  public static SequencedMap<Sha256, Blob> byDigest(Iterable<Blob> blobs) {
    SequencedMap<Sha256, Blob> all = new LinkedHashMap<>();
    blobs.forEach(blob -> all.putIfAbsent(blob.sha256(), blob));
    return all;
  }
}
