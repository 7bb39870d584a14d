package io.cloister.repo.trust;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Timestamp;
import java.util.Map;
import java.util.Optional;

/**
 * What is trusted, and every check by which more comes to be trusted (TUF 1.0.34 §5). Immutable:
 * each {@code accept…} returns the next state or refuses.
 *
 * @param timestamp the newest accepted, of this run or of an earlier one
 * @param snapshot likewise
 * @param targets accepted in this run, under that snapshot
 */
public record TrustedMetadata(
    Signed<Root> root,
    Optional<Signed<Timestamp>> timestamp,
    Optional<Signed<Snapshot>> snapshot,
    Optional<Signed<Targets>> targets) {

  /** §5.2: a root that came by another way; it must be signed by its own keys. */
  public static TrustedMetadata startFrom(byte[] bytes, String file) throws RefusedException {
    Signed<Root> root = Signed.parseRoot(bytes, file);
    Checks.signatures(root, root.role(), RoleType.ROOT, file);
    return new TrustedMetadata(root, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The state that an earlier run kept. Signatures are checked again: a disk may fail. */
  public TrustedMetadata resume(
      Optional<Signed<Timestamp>> keptTimestamp, Optional<Signed<Snapshot>> keptSnapshot)
      throws RefusedException {
    if (keptTimestamp.isPresent()) {
      Checks.signatures(keptTimestamp.get(), root.role(), RoleType.TIMESTAMP, "timestamp.json");
    }
    if (keptSnapshot.isPresent()) {
      Checks.signatures(keptSnapshot.get(), root.role(), RoleType.SNAPSHOT, "snapshot.json");
    }
    return new TrustedMetadata(root, keptTimestamp, keptSnapshot, Optional.empty());
  }

  /** §5.3.4–5.3.8, 5.3.11: the next root, signed by the old root's keys and by its own. */
  public TrustedMetadata acceptRoot(byte[] bytes, String file) throws RefusedException {
    Signed<Root> next = Signed.parseRoot(bytes, file);
    Checks.signatures(next, root.role(), RoleType.ROOT, file);
    Checks.signatures(next, next.role(), RoleType.ROOT, file);
    Checks.version(RoleType.ROOT, file, root.version() + 1, next.version());
    return isRotated(root.role(), next.role())
        ? new TrustedMetadata(next, Optional.empty(), Optional.empty(), Optional.empty())
        : new TrustedMetadata(next, timestamp, snapshot, Optional.empty());
  }

  /**
   * §5.3.11: whether a key of timestamp or snapshot was taken away. What such a key signed may have
   * been signed by a thief with a version far ahead, so it is forgotten.
   */
  public static boolean isRotated(Root old, Root next) {
    return Checks.lostKey(old, next, RoleType.TIMESTAMP)
        || Checks.lostKey(old, next, RoleType.SNAPSHOT);
  }

  /** §5.3.10: the last root of the chain must not have expired. */
  public void checkRootExpiry(String file, CheckTime time) throws RefusedException {
    Checks.expiry(root, file, time);
  }

  /** §5.4.2–5.4.4. An equal version is not news: the one that is trusted already stays. */
  public TrustedMetadata acceptTimestamp(byte[] bytes, String file, CheckTime time)
      throws RefusedException {
    Signed<Timestamp> next = Signed.parseTimestamp(bytes, file);
    Checks.signatures(next, root.role(), RoleType.TIMESTAMP, file);
    if (timestamp.isPresent()) {
      Signed<Timestamp> trusted = timestamp.get();
      Checks.rollback(trusted, next.version(), file);
      if (next.version() == trusted.version()) {
        next = trusted;
      }
      long snapshotVersion = trusted.role().snapshot().version();
      if (next.role().snapshot().version() < snapshotVersion) {
        throw new RefusedException(
            new TrustRefusal.Rollback(
                "snapshot",
                file,
                snapshotVersion,
                trusted.role().common().signedAt(),
                next.role().snapshot().version()));
      }
    }
    Checks.expiry(next, file, time);
    return new TrustedMetadata(root, Optional.of(next), snapshot, Optional.empty());
  }

  /** §5.5.2–5.5.6. */
  public TrustedMetadata acceptSnapshot(byte[] bytes, String file, CheckTime time)
      throws RefusedException {
    FileMeta stated = timestamp.orElseThrow().role().snapshot();
    Checks.stated(bytes, stated, file, "timestamp.json");
    Signed<Snapshot> next = Signed.parseSnapshot(bytes, file);
    Checks.signatures(next, root.role(), RoleType.SNAPSHOT, file);
    Checks.version(RoleType.SNAPSHOT, file, stated.version(), next.version());
    if (snapshot.isPresent()) {
      checkNothingWentBack(snapshot.get(), next.role(), file);
    }
    Checks.expiry(next, file, time);
    return new TrustedMetadata(root, timestamp, Optional.of(next), Optional.empty());
  }

  /** §5.5.5: no targets metadata disappears or goes back. */
  private static void checkNothingWentBack(Signed<Snapshot> trusted, Snapshot next, String file)
      throws RefusedException {
    for (Map.Entry<String, FileMeta> known : trusted.role().meta().entrySet()) {
      FileMeta offered = next.meta().get(known.getKey());
      long version = offered == null ? 0 : offered.version();
      if (version < known.getValue().version()) {
        throw new RefusedException(
            new TrustRefusal.Rollback(
                known.getKey(),
                file,
                known.getValue().version(),
                trusted.role().common().signedAt(),
                version));
      }
    }
  }

  /** §5.6.2–5.6.5. */
  public TrustedMetadata acceptTargets(byte[] bytes, String file, CheckTime time)
      throws RefusedException {
    FileMeta stated = snapshot.orElseThrow().role().targets();
    Checks.stated(bytes, stated, file, "snapshot.json");
    Signed<Targets> next = Signed.parseTargets(bytes, file);
    Checks.signatures(next, root.role(), RoleType.TARGETS, file);
    Checks.version(RoleType.TARGETS, file, stated.version(), next.version());
    Checks.expiry(next, file, time);
    return new TrustedMetadata(root, timestamp, snapshot, Optional.of(next));
  }

  /** Whose valid signatures the targets metadata carries. */
  public Tally targetsSigners() {
    return Tally.count(targets.orElseThrow(), root.role(), RoleType.TARGETS);
  }
}
