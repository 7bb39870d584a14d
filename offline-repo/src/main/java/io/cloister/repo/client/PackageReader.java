package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.MediaRefusal.WrongLength;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.BlobRequest;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Supplier;

/** Brings chunks of verified packages off a medium; only proven bytes come out. */
public final class PackageReader {
  private final Medium medium;
  private final SequencedMap<Sha256, Blob> blobs;

  /**
   * Reads nothing yet.
   *
   * @param packages all that the medium holds
   */
  public PackageReader(Medium medium, List<VerifiedPackage> packages) {
    this.medium = medium;
    this.blobs = PackageBlobs.of(packages);
  }

  /**
   * Hands over the plain bytes of chunks, each proven stored and plain.
   *
   * @param wanted at offset 0 each, as {@link #chunks} gives them
   * @return the chunks that could not be had, each with the reason
   * @throws IOException of the sink only; faults of the medium are refusals
   */
  public SequencedMap<Chunk, RefusedException> deliver(Collection<Chunk> wanted, ChunkSink sink)
      throws RefusedException, IOException {
    Map<Sha256, List<Chunk>> byBlob = new LinkedHashMap<>();
    for (Chunk chunk : wanted) {
      byBlob.computeIfAbsent(chunk.blob(), _ -> new ArrayList<>()).add(chunk);
    }
    SequencedMap<Sha256, RefusedException> faults =
        medium.deliver(
            new BlobRequest(blobs, byBlob.keySet()),
            (blob, stored) -> {
              for (Chunk chunk : byBlob.getOrDefault(blob.sha256(), List.of())) {
                sink.take(chunk, plain(chunk, stored, () -> where(blob)));
              }
            });
    SequencedMap<Chunk, RefusedException> left = new LinkedHashMap<>();
    faults.forEach(
        (digest, fault) ->
            byBlob.getOrDefault(digest, List.of()).forEach(chunk -> left.put(chunk, fault)));
    return left;
  }

  /** A whole small file, where its blobs can be had before the others. */
  public Optional<byte[]> peek(VerifiedPackage source, ManifestFile file) throws RefusedException {
    var bytes = new ByteArrayOutputStream();
    for (Chunk chunk : file.chunks()) {
      Blob blob = PackageBlobs.blob(source, file, chunk);
      Optional<byte[]> stored = medium.peek(blob);
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      bytes.writeBytes(plain(chunk, stored.get(), () -> where(blob)));
    }
    return Optional.of(bytes.toByteArray());
  }

  /** Of some packages, each at offset 0 and once, in manifest order. */
  public static SequencedSet<Chunk> chunks(List<VerifiedPackage> packages) {
    SequencedSet<Chunk> chunks = new LinkedHashSet<>();
    for (VerifiedPackage each : packages) {
      for (ManifestFile file : each.manifest().files()) {
        file.chunks().forEach(chunk -> chunks.add(chunk.atStart()));
      }
    }
    return chunks;
  }

  /** Refuses with all of them, where there are any. */
  public static void refuse(SequencedMap<Chunk, RefusedException> faults) throws RefusedException {
    List<Refusal> refusals = refusals(faults);
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
  }

  /** All reasons, each once. */
  static List<Refusal> refusals(SequencedMap<Chunk, RefusedException> faults) {
    return faults.values().stream().distinct().flatMap(fault -> fault.refusals().stream()).toList();
  }

  private static Where where(Blob blob) {
    return new Where(blob.path(), blob.holds().get());
  }

  /** The stored bytes are proven; what they hold is proven here. */
  private static byte[] plain(Chunk chunk, byte[] stored, Supplier<Where> where)
      throws RefusedException {
    if (stored.length != chunk.storedLength()) {
      throw new RefusedException(new WrongLength(where.get(), chunk.storedLength(), stored.length));
    }
    if (chunk.zstd().isEmpty()) {
      return stored;
    }
    byte[] plain = Decompression.decompress(where.get(), stored, chunk.length());
    Sha256 actual = Sha256.of(plain);
    if (!actual.equals(chunk.sha256())) {
      throw new RefusedException(
          new WrongBytes(where.get(), plain.length, chunk.sha256().hex(), actual.hex()));
    }
    return plain;
  }
}
