package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.media.ParityRepair;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.trust.CheckTime;
import io.cloister.repo.trust.TrustedMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;

/** The TUF client workflow (1.0.34 §5) against a medium. */
public final class MediumClient {
  /** How many new roots one run follows, TUF 1.0.34 §5.3.3. */
  private static final int ROOTS_MAX = 256;

  private static final String METADATA = "metadata/";

  private final Medium medium;
  private final TrustStore store;
  private final Instant clock;
  private Optional<TrustedMetadata> accepted = Optional.empty();
  private Instant newestSignedAt = Instant.EPOCH;

  private MediumClient(Medium medium, TrustStore store, Instant clock) {
    this.medium = medium;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Reads nothing yet.
   *
   * @param now the host clock, read once per run; the newest signed time in the store counts where
   *     it is later
   */
  public static MediumClient open(Medium medium, TrustStore store, Instant now) {
    return new MediumClient(medium, store, now);
  }

  /**
   * Proves the metadata and every package manifest. Writes nothing: a medium that is refused later
   * for its blobs leaves the machine's trust as it was.
   */
  public Catalog refresh() throws RefusedException {
    Optional<TrustStore.Kept> kept = store.load();
    CheckTime time = CheckTime.of(clock, kept.map(TrustStore.Kept::newestSignedAt));
    TrustedMetadata start = kept.isPresent() ? kept.get().trusted() : startFromAnchor();
    TrustedMetadata trusted = acceptRoots(start, time);
    trusted = acceptTimestamp(trusted, time);
    trusted = acceptSnapshot(trusted, time);
    trusted = acceptTargets(trusted, time);
    Catalog catalog = new PackageManifests(medium, trusted).catalog(clock);
    boolean rotated = TrustedMetadata.isRotated(start.root().role(), trusted.root().role());
    newestSignedAt =
        Stream.concat(
                rotated ? Stream.empty() : kept.map(TrustStore.Kept::newestSignedAt).stream(),
                roles(trusted).flatMap(role -> role.common().signedAt().stream()))
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    accepted = Optional.of(trusted);
    return catalog;
  }

  /** Likewise, on a machine that has nothing. */
  public void verifyAll(Catalog catalog, Progress progress) throws RefusedException {
    verifyAll(catalog, ExistingChunks.NONE, progress);
  }

  /**
   * Proves every blob of every package, and the files that SHA256SUMS lists; refuses with all
   * faults at once. Each blob is read once.
   *
   * @param existing proves what a delta medium leaves out
   */
  public void verifyAll(Catalog catalog, ExistingChunks existing, Progress progress)
      throws RefusedException {
    var reader = new PackageReader(medium, catalog.packages(), existing);
    refuse(verify(reader, PackageReader.chunks(catalog.packages()), progress));
  }

  /** For the vendor: proves what is on a medium, a delta's too, and its parity. */
  public void verifyCarried(Catalog catalog, Progress progress) throws RefusedException {
    var reader = new PackageReader(medium, catalog.packages());
    SequencedSet<Chunk> carried = PackageReader.chunks(catalog.packages());
    Optional<Delta> delta = Delta.find(medium);
    if (delta.isPresent()) {
      Set<Sha256> leftOut = reader.leftOut(delta.get());
      carried.removeIf(chunk -> leftOut.contains(chunk.blob()));
    }
    List<Refusal> faults = new ArrayList<>(verify(reader, carried, progress));
    ParityNote.find(medium).ifPresent(note -> faults.addAll(ParityRepair.findFaults(medium, note)));
    refuse(faults);
  }

  private static List<Refusal> verify(
      PackageReader reader, Collection<Chunk> chunks, Progress progress) throws RefusedException {
    var check = new WholeCheck(progress);
    List<Refusal> blobs = PackageReader.refusals(reader.deliverTo(check, chunks));
    return Stream.concat(check.faults().stream(), blobs.stream()).toList();
  }

  /** Proves every blob of some packages, each read once; refuses with all faults at once. */
  public void verifyPackages(List<VerifiedPackage> packages, Progress progress)
      throws RefusedException {
    refuse(
        PackageReader.refusals(
            new PackageReader(medium, packages)
                .deliverTo(
                    (_, plain) -> progress.advance(plain.length), PackageReader.chunks(packages))));
  }

  private static void refuse(List<Refusal> faults) throws RefusedException {
    if (!faults.isEmpty()) {
      throw new RefusedException(faults);
    }
  }

  /**
   * Keeps what {@link #refresh} accepted, so that nothing older is accepted again. Does nothing for
   * a store in memory.
   */
  public void persist() throws RefusedException {
    store.persist(
        accepted.orElseThrow(() -> new IllegalStateException("nothing was accepted")),
        newestSignedAt);
  }

  static Stream<Role> roles(TrustedMetadata trusted) {
    return Stream.of(
        trusted.root().role(),
        trusted.timestamp().orElseThrow().role(),
        trusted.snapshot().orElseThrow().role(),
        trusted.targets().orElseThrow().role());
  }

  private TrustedMetadata startFromAnchor() throws RefusedException {
    return switch (store.anchor().orElse(null)) {
      case null -> throw new RefusedException(new TrustRefusal.NoTrustedRoot());
      case Anchor.RootFile(Path file) -> startFromFile(file);
      case Anchor.RootDigest(Sha256 expected) -> startFromDigest(expected);
    };
  }

  private static TrustedMetadata startFromFile(Path file) throws RefusedException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(RoleType.ROOT.bytesMax());
      return TrustedMetadata.startFrom(bytes, file.toString());
    } catch (IOException e) {
      throw new RefusedException(
          new TrustRefusal.MalformedMetadata(file.toString(), "cannot be read: " + e.getMessage()));
    }
  }

  private TrustedMetadata startFromDigest(Sha256 expected) throws RefusedException {
    String file = METADATA + "1.root.json";
    byte[] bytes = medium.read(Where.of(file), RoleType.ROOT.bytesMax());
    Sha256 actual = Sha256.of(bytes);
    if (!actual.equals(expected)) {
      throw new RefusedException(
          new TrustRefusal.WrongRootDigest(file, expected.hex(), actual.hex()));
    }
    return TrustedMetadata.startFrom(bytes, file);
  }

  private TrustedMetadata acceptRoots(TrustedMetadata start, CheckTime time)
      throws RefusedException {
    TrustedMetadata trusted = start;
    for (int count = 0; ; count++) {
      String file = METADATA + (trusted.root().version() + 1) + ".root.json";
      Optional<byte[]> next = medium.find(Where.of(file), RoleType.ROOT.bytesMax());
      if (next.isEmpty()) {
        trusted.checkRootExpiry(METADATA + trusted.root().version() + ".root.json", time);
        return trusted;
      }
      if (count == ROOTS_MAX) {
        throw new RefusedException(new TrustRefusal.RootChainTooLong(file, ROOTS_MAX));
      }
      trusted = trusted.acceptRoot(next.get(), file);
    }
  }

  private TrustedMetadata acceptTimestamp(TrustedMetadata trusted, CheckTime time)
      throws RefusedException {
    String file = METADATA + RoleType.TIMESTAMP.fileName();
    byte[] bytes = medium.read(Where.of(file), RoleType.TIMESTAMP.bytesMax());
    return trusted.acceptTimestamp(bytes, file, time);
  }

  private TrustedMetadata acceptSnapshot(TrustedMetadata trusted, CheckTime time)
      throws RefusedException {
    FileMeta stated = trusted.timestamp().orElseThrow().role().snapshot();
    String file = file(trusted.root(), RoleType.SNAPSHOT, stated);
    return trusted.acceptSnapshot(read(file, RoleType.SNAPSHOT), file, time);
  }

  private TrustedMetadata acceptTargets(TrustedMetadata trusted, CheckTime time)
      throws RefusedException {
    FileMeta stated = trusted.snapshot().orElseThrow().role().targets();
    String file = file(trusted.root(), RoleType.TARGETS, stated);
    return trusted.acceptTargets(read(file, RoleType.TARGETS), file, time);
  }

  private byte[] read(String file, RoleType type) throws RefusedException {
    return medium.read(Where.of(file), type.bytesMax());
  }

  private static String file(Signed<Root> root, RoleType type, FileMeta stated) {
    String prefix = root.role().consistentSnapshot() ? stated.version() + "." : "";
    return METADATA + prefix + type.fileName();
  }
}
