package io.cloister.repo.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.StoreDamaged;
import io.cloister.repo.TrustRefusal.StoreNotWritten;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.trust.SitePolicy;
import io.cloister.repo.trust.TrustedMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * What a machine trusts, kept in a folder: {@code root.json}, {@code timestamp.json}, {@code
 * snapshot.json}, {@code targets.json} and {@code state.json}; beside them the site's own {@code
 * policy.json} and {@code audit.jsonl}. A run that is refused changes none of them.
 */
public final class TrustStore {
  private final Optional<Path> folder;
  private final Optional<Anchor> anchor;

  private TrustStore(Optional<Path> folder, Optional<Anchor> anchor) {
    this.folder = folder;
    this.anchor = anchor;
  }

  /** Of a machine that trusts already; refuses at the first use where it does not. */
  public static TrustStore at(Path folder) {
    return new TrustStore(Optional.of(folder), Optional.empty());
  }

  /** Of a machine that may be new: the anchor counts only where nothing is trusted yet. */
  public static TrustStore at(Path folder, Anchor anchor) {
    return new TrustStore(Optional.of(folder), Optional.of(anchor));
  }

  /** Trust for one run, on a machine with nothing installed. */
  public static TrustStore inMemory(Anchor anchor) {
    return new TrustStore(Optional.empty(), Optional.of(anchor));
  }

  /** Whether a root is trusted already, whatever anchor was given. */
  public boolean isEstablished() {
    return folder.isPresent() && Files.exists(folder.get().resolve(RoleType.ROOT.fileName()));
  }

  /** What the site decided; refuses a file that cannot be understood. */
  public SitePolicy policy() throws RefusedException {
    if (folder.isEmpty()) {
      return SitePolicy.DEFAULT;
    }
    try {
      return PolicyFile.read(folder.get());
    } catch (IOException | JsonException e) {
      throw new RefusedException(new StoreDamaged(folder.get().toString(), words(e)));
    }
  }

  /** Sets the site's policy, and writes down when and from what to what. */
  public void setPolicy(SitePolicy next, Instant now) throws RefusedException {
    Path kept = folder.orElseThrow();
    SitePolicy before = policy();
    try {
      audit()
          .append(
              now,
              "policy",
              line -> line.put("from", PolicyFile.text(before)).put("to", PolicyFile.text(next)));
      PolicyFile.write(kept, next);
    } catch (IOException e) {
      throw new RefusedException(new StoreNotWritten(kept.toString(), words(e)));
    }
  }

  /** The trail of a store that has a folder. */
  public TrustAudit audit() {
    return new TrustAudit(folder.orElseThrow());
  }

  /**
   * Writes down what the operator is about to do that an auditor will ask for.
   *
   * @param details fields of the line
   */
  public void note(Instant now, String event, Consumer<ObjectNode> details)
      throws RefusedException {
    try {
      audit().append(now, event, details);
    } catch (IOException e) {
      throw new RefusedException(new StoreNotWritten(folder.orElseThrow().toString(), words(e)));
    }
  }

  /** Writes down what is about to be trusted. */
  void note(Instant now, Catalog catalog) throws RefusedException {
    if (folder.isEmpty()) {
      return;
    }
    try {
      audit().append(now, "medium_accepted", line -> describe(line, catalog));
    } catch (IOException e) {
      throw new RefusedException(new StoreNotWritten(folder.get().toString(), words(e)));
    }
  }

  private static void describe(ObjectNode line, Catalog catalog) {
    line.put("root_version", catalog.rootVersion());
    line.put("timestamp_version", catalog.timestampVersion());
    line.put("signed_at", catalog.provenance().signedAt().toString());
    var stale = line.putArray("expired");
    catalog
        .stale()
        .forEach(
            each ->
                stale.addObject().put("role", each.role()).put("at", each.expires().toString()));
  }

  Optional<Anchor> anchor() {
    return anchor;
  }

  /** What earlier runs kept. */
  record Kept(TrustedMetadata trusted, Instant newestSignedAt) {}

  Optional<Kept> load() throws RefusedException {
    if (!isEstablished()) {
      checkNothingKept();
      return Optional.empty();
    }
    Path kept = folder.orElseThrow();
    try {
      TrustedMetadata trusted =
          TrustedMetadata.startFrom(
              find(kept, RoleType.ROOT.fileName()).orElseThrow(), RoleType.ROOT.fileName());
      TrustState state = TrustState.read(kept);
      return Optional.of(
          state.forgetsUnder(trusted.root().version())
              ? new Kept(trusted, Instant.EPOCH)
              : new Kept(resume(trusted, kept), state.newestSignedAt()));
    } catch (RefusedException e) {
      throw new RefusedException(new StoreDamaged(kept.toString(), e.refusal().toString()));
    } catch (IOException | JsonException e) {
      throw new RefusedException(new StoreDamaged(kept.toString(), words(e)));
    }
  }

  private static TrustedMetadata resume(TrustedMetadata start, Path kept)
      throws RefusedException, IOException {
    Optional<byte[]> timestamp = find(kept, RoleType.TIMESTAMP.fileName());
    Optional<byte[]> snapshot = find(kept, RoleType.SNAPSHOT.fileName());
    return start.resume(
        timestamp.isEmpty()
            ? Optional.empty()
            : Optional.of(Signed.parseTimestamp(timestamp.get(), RoleType.TIMESTAMP.fileName())),
        snapshot.isEmpty()
            ? Optional.empty()
            : Optional.of(Signed.parseSnapshot(snapshot.get(), RoleType.SNAPSHOT.fileName())));
  }

  /** Counters are written after the root: without it they are no new machine's. */
  private void checkNothingKept() throws RefusedException {
    for (RoleType type : RoleType.values()) {
      if (folder.isPresent() && Files.exists(folder.get().resolve(type.fileName()))) {
        throw new RefusedException(
            new StoreDamaged(folder.get().toString(), type.fileName() + " without root.json"));
      }
    }
  }

  /**
   * Writes everything beside its place first, so that a full disk changes nothing; then moves file
   * by file, newest counters last. Every state between is one that {@link #load} takes.
   *
   * @param rotated what earlier runs kept of timestamp and snapshot goes (§5.3.11)
   */
  void persist(TrustedMetadata accepted, Instant newestSignedAt, boolean rotated)
      throws RefusedException {
    if (folder.isEmpty()) {
      return;
    }
    Path kept = folder.get();
    Map<String, Path> prepared = new LinkedHashMap<>();
    try {
      DurableFiles.createFolders(kept);
      boolean forgets = isEstablished() && forgets(kept, accepted.root().version(), rotated);
      for (Map.Entry<String, byte[]> file : files(accepted, newestSignedAt, forgets).entrySet()) {
        Path place = kept.resolve(file.getKey());
        prepared.put(file.getKey(), DurableFiles.prepare(place, file.getValue(), "rw-r--r--"));
      }
      for (Map.Entry<String, Path> file : prepared.entrySet()) {
        DurableFiles.move(file.getValue(), kept.resolve(file.getKey()));
        if (forgets && file.getKey().equals(RoleType.ROOT.fileName())) {
          DurableFiles.deleteIfExists(kept.resolve(RoleType.TIMESTAMP.fileName()));
          DurableFiles.deleteIfExists(kept.resolve(RoleType.SNAPSHOT.fileName()));
        }
      }
    } catch (IOException | JsonException e) {
      prepared.values().forEach(temporary -> discard(temporary, e));
      throw new RefusedException(new StoreNotWritten(kept.toString(), words(e)));
    }
  }

  /**
   * Whether what is kept goes with the root that comes. Then the state says so beforehand: until
   * that root is in place the counters count, and from then on they do not, wherever the power is
   * cut. A run that was cut short has said it already, of a root that may be in place.
   */
  private static boolean forgets(Path kept, long rootVersion, boolean rotated)
      throws RefusedException, IOException, JsonException {
    byte[] root = Files.readAllBytes(kept.resolve(RoleType.ROOT.fileName()));
    TrustState state = TrustState.read(kept);
    if (state.forgetsUnder(Signed.parseRoot(root, RoleType.ROOT.fileName()).version())) {
      return true;
    }
    if (rotated) {
      new TrustState(state.newestSignedAt(), OptionalLong.of(rootVersion)).write(kept);
    }
    return rotated;
  }

  /** In the order in which they are put in place: the state after a root that it speaks of. */
  private static SequencedMap<String, byte[]> files(
      TrustedMetadata accepted, Instant newestSignedAt, boolean forgets) {
    SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    files.put(TrustState.NAME, new TrustState(newestSignedAt, OptionalLong.empty()).encode());
    files.put(RoleType.ROOT.fileName(), accepted.root().bytes());
    if (forgets) {
      files.putFirst(RoleType.ROOT.fileName(), accepted.root().bytes());
    }
    files.put(RoleType.TARGETS.fileName(), accepted.targets().orElseThrow().file().bytes());
    files.put(RoleType.SNAPSHOT.fileName(), accepted.snapshot().orElseThrow().bytes());
    files.put(RoleType.TIMESTAMP.fileName(), accepted.timestamp().orElseThrow().bytes());
    return files;
  }

  private static Optional<byte[]> find(Path kept, String name) throws IOException {
    Path file = kept.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }

  private static void discard(Path temporary, Exception cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static String words(Exception fault) {
    String message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }
}
