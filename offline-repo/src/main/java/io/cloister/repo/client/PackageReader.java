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
import io.cloister.repo.media.BlobSink;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.ParityRepair;
import io.cloister.repo.metadata.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Supplier;

/** Brings chunks of verified packages off a medium; only proven bytes come out. */
public final class PackageReader {
  private final Medium medium;
  private final List<VerifiedPackage> packages;
  private final ExistingChunks existing;
  private Optional<LeftOut> leftOut = Optional.empty();

  /**
   * Reads nothing yet.
   *
   * @param packages all that the medium holds
   * @param existing what this machine has already, for what a delta medium leaves out
   */
  public PackageReader(Medium medium, List<VerifiedPackage> packages, ExistingChunks existing) {
    this.medium = medium;
    this.packages = List.copyOf(packages);
    this.existing = existing;
  }

  /** On a machine that has nothing. */
  public PackageReader(Medium medium, List<VerifiedPackage> packages) {
    this(medium, packages, ExistingChunks.NONE);
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
    LeftOut leftOut = leftOut();
    Map<Sha256, List<Chunk>> byBlob = new LinkedHashMap<>();
    List<Chunk> absent = new ArrayList<>();
    for (Chunk chunk : wanted) {
      if (!leftOut.contains(chunk)) {
        byBlob.computeIfAbsent(chunk.blob(), _ -> new ArrayList<>()).add(chunk);
        continue;
      }
      Optional<byte[]> plain = findLeftOut(chunk);
      if (plain.isPresent()) {
        sink.take(chunk, plain.get());
      } else {
        absent.add(chunk);
      }
    }
    leftOut.refuse(absent);
    return deliver(byBlob, sink);
  }

  /** Likewise, to a sink that writes nothing. */
  SequencedMap<Chunk, RefusedException> deliverTo(ChunkSink sink, Collection<Chunk> wanted)
      throws RefusedException {
    try {
      return deliver(wanted, sink);
    } catch (IOException e) {
      throw new UncheckedIOException("interrupted while proving a medium", e);
    }
  }

  private SequencedMap<Chunk, RefusedException> deliver(
      Map<Sha256, List<Chunk>> wanted, ChunkSink sink) throws RefusedException, IOException {
    BlobSink blobs =
        new BlobSink() {
          @Override
          public void take(Blob blob, byte[] stored) throws RefusedException, IOException {
            for (Chunk chunk : wanted.getOrDefault(blob.sha256(), List.of())) {
              sink.take(chunk, plain(chunk, stored, () -> where(blob)));
            }
          }

          @Override
          public void arrived(Medium part) {
            sink.arrived(part);
          }
        };
    SequencedMap<Sha256, Blob> all = PackageBlobs.of(packages);
    SequencedMap<Sha256, RefusedException> faults =
        medium.deliver(new BlobRequest(all, wanted.keySet()), blobs);
    if (!faults.isEmpty()) {
      all.keySet().removeAll(leftOut().blobs().keySet());
      faults = repair(all, faults, blobs, sink);
    }
    SequencedMap<Chunk, RefusedException> left = new LinkedHashMap<>();
    faults.forEach(
        (digest, fault) ->
            wanted.getOrDefault(digest, List.of()).forEach(chunk -> left.put(chunk, fault)));
    return left;
  }

  /** What could not be read is made again from parity, where that suffices. */
  private SequencedMap<Sha256, RefusedException> repair(
      SequencedMap<Sha256, Blob> carried,
      SequencedMap<Sha256, RefusedException> faults,
      BlobSink blobs,
      ChunkSink told)
      throws IOException {
    Optional<ParityRepair> parity = ParityRepair.of(medium, List.copyOf(carried.values()));
    if (parity.isEmpty()) {
      return faults;
    }
    parity.get().exclude(faults.keySet());
    SequencedMap<Sha256, RefusedException> left = new LinkedHashMap<>();
    for (Map.Entry<Sha256, RefusedException> fault : faults.entrySet()) {
      Optional<byte[]> bytes = parity.get().repair(fault.getKey());
      Blob blob = carried.get(fault.getKey());
      if (bytes.isEmpty() || blob == null) {
        left.put(fault.getKey(), fault.getValue());
        continue;
      }
      try {
        blobs.take(blob, bytes.get());
        told.repaired(blob.path());
      } catch (RefusedException e) {
        left.put(fault.getKey(), e);
      }
    }
    return left;
  }

  /** Read once. */
  LeftOut leftOut() throws RefusedException {
    if (leftOut.isEmpty()) {
      leftOut = Optional.of(LeftOut.of(medium, packages));
    }
    return leftOut.get();
  }

  /** On the machine; else on the medium all the same, where it can be had before the others. */
  private Optional<byte[]> findLeftOut(Chunk chunk) throws RefusedException {
    Optional<byte[]> here = existing.find(chunk);
    if (here.isPresent()) {
      return here;
    }
    try {
      return peek(Objects.requireNonNull(leftOut().blobs().get(chunk.blob())), chunk);
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses a delta medium that leaves out what this machine lacks. To bring chunks refuses that
   * too; this is for who only wants to know.
   */
  public void requireBase(Collection<Chunk> wanted) throws RefusedException {
    LeftOut leftOut = leftOut();
    List<Chunk> absent = new ArrayList<>();
    for (Chunk chunk : wanted) {
      if (leftOut.contains(chunk) && findLeftOut(chunk).isEmpty()) {
        absent.add(chunk);
      }
    }
    leftOut.refuse(absent);
  }

  /** What the machine has already. */
  public ExistingChunks existing() {
    return existing;
  }

  /** The set of which the medium is volumes, if it is. */
  public Optional<String> findSet() {
    return medium.findSet();
  }

  /**
   * A whole small file, where its blobs can be had before the others. What is wrong with them is
   * told when they are delivered: parity may mend it.
   */
  public Optional<byte[]> peek(VerifiedPackage source, ManifestFile file) {
    var bytes = new ByteArrayOutputStream();
    try {
      LeftOut leftOut = leftOut();
      for (Chunk chunk : file.chunks()) {
        Optional<byte[]> plain =
            leftOut.contains(chunk)
                ? findLeftOut(chunk)
                : peek(PackageBlobs.blob(source, file, chunk), chunk);
        if (plain.isEmpty()) {
          return Optional.empty();
        }
        bytes.writeBytes(plain.get());
      }
      return Optional.of(bytes.toByteArray());
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> peek(Blob blob, Chunk chunk) throws RefusedException {
    Optional<byte[]> stored = medium.peek(blob);
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(plain(chunk, stored.get(), () -> where(blob)));
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
