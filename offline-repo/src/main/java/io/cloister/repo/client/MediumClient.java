package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.FileName;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.media.ParityRepair;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.trust.CheckTime;
import io.cloister.repo.trust.SitePolicy;
import io.cloister.repo.trust.TrustedMetadata;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** The TUF client workflow (1.0.34 §5) against a medium. */
public final class MediumClient {
  private static final String METADATA = "metadata/";

  private final Medium medium;
  private final TrustStore store;
  private final Instant clock;
  private Optional<AcceptedRoles> accepted = Optional.empty();
  private Optional<Catalog> catalog = Optional.empty();
  private boolean rotated;
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
    SitePolicy policy = store.policy();
    Optional<TrustStore.Kept> kept = store.load();
    CheckTime time =
        new CheckTime(clock, kept.map(TrustStore.Kept::newestSignedAt), policy.staleness());
    TrustedMetadata start = kept.isPresent() ? startFrom(kept.get()) : startFromAnchor();
    ClientWorkflow workflow =
        new ClientWorkflow(
            this::find, start.under(policy.signatures(), RoleType.ROOT.fileName()), time);
    workflow.refresh();
    TrustedMetadata trusted = workflow.trusted();
    DelegationSearch search = new DelegationSearch(workflow);
    Catalog found = new PackageManifests(medium, trusted, search).catalog(clock, workflow.time());
    rotated = workflow.isRotated();
    newestSignedAt =
        Stream.concat(
                workflow.time().newestSignedAt().stream(),
                topLevel(trusted).flatMap(role -> role.common().signedAt().stream()))
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    accepted = Optional.of(new AcceptedRoles(trusted, List.copyOf(search.readAll())));
    catalog = Optional.of(found);
    return found;
  }

  /** What {@link #refresh} accepted. */
  public AcceptedRoles accepted() {
    return accepted.orElseThrow(() -> new IllegalStateException("nothing was accepted"));
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
    carried.removeIf(reader.leftOut()::contains);
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
    TrustedMetadata trusted = accepted().trusted();
    store.note(clock, catalog.orElseThrow());
    store.persist(trusted, newestSignedAt, rotated);
  }

  /** A delegated role may be called what no file of a medium is. */
  private Optional<byte[]> find(String file, int bytesMax) throws RefusedException {
    try {
      return medium.find(Where.of(FileName.check(file)), bytesMax);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          new TrustRefusal.MalformedMetadata(file, String.valueOf(e.getMessage())));
    }
  }

  /** Only they tell the time: whoever signs a delegated role must not set the machine's. */
  static Stream<Role> topLevel(TrustedMetadata trusted) {
    return Stream.of(
        trusted.root().role(),
        trusted.timestamp().orElseThrow().role(),
        trusted.snapshot().orElseThrow().role(),
        trusted.targets().orElseThrow().role());
  }

  /** The anchor does not count; a path that was mistyped is told all the same. */
  private TrustedMetadata startFrom(TrustStore.Kept kept) throws RefusedException {
    if (store.anchor().orElse(null) instanceof Anchor.RootFile given) {
      given.read();
    }
    return kept.trusted();
  }

  private TrustedMetadata startFromAnchor() throws RefusedException {
    return switch (store.anchor().orElse(null)) {
      case null -> throw new RefusedException(new TrustRefusal.NoTrustedRoot());
      case Anchor.RootFile it -> TrustedMetadata.startFrom(it.read(), it.file().toString());
      case Anchor.RootDigest(Sha256 expected) -> startFromDigest(expected);
    };
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
}
