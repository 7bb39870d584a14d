package io.cloister.repo.trust;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is trusted, and every check by which more comes to be trusted (TUF 1.0.34 §5). Immutable:
 * each {@code accept…} returns the next state or refuses.
 *
 * @param policy asked of every signature check
 * @param timestamp the newest accepted, of this run or of an earlier one
 * @param snapshot likewise
 * @param targets accepted in this run, under that snapshot
 */
public record TrustedMetadata(
    SignaturePolicy policy,
    Signed<Root> root,
    Optional<Signed<Timestamp>> timestamp,
    Optional<Signed<Snapshot>> snapshot,
    Optional<TrustedTargets> targets) {

  /** §5.2: a root that came by another way; it must be signed by its own keys. */
  public static TrustedMetadata startFrom(byte[] bytes, String file) throws RefusedException {
    Signed<Root> root = Signed.parseRoot(bytes, file);
    TrustedMetadata start =
        new TrustedMetadata(
            SignaturePolicy.THRESHOLD, root, Optional.empty(), Optional.empty(), Optional.empty());
    start.signers(RoleType.ROOT).check(root, file);
    return start;
  }

  /** The same trust, from now on under a stricter policy, which the root must meet itself. */
  public TrustedMetadata under(SignaturePolicy stricter, String file) throws RefusedException {
    TrustedMetadata next = new TrustedMetadata(stricter, root, timestamp, snapshot, targets);
    next.signers(RoleType.ROOT).check(root, file);
    return next;
  }

  /**
   * The state that an earlier run kept. Signatures are checked again: a disk may fail. One
   * suffices: what was accepted before a root raised the threshold still says what must not go
   * back.
   */
  public TrustedMetadata resume(
      Optional<Signed<Timestamp>> keptTimestamp, Optional<Signed<Snapshot>> keptSnapshot)
      throws RefusedException {
    if (keptTimestamp.isPresent()) {
      signers(RoleType.TIMESTAMP).checkKept(keptTimestamp.get(), RoleType.TIMESTAMP.fileName());
    }
    if (keptSnapshot.isPresent()) {
      signers(RoleType.SNAPSHOT).checkKept(keptSnapshot.get(), RoleType.SNAPSHOT.fileName());
    }
    return new TrustedMetadata(policy, root, keptTimestamp, keptSnapshot, Optional.empty());
  }

  private Signers signers(RoleType type) {
    return Signers.of(type, root.role(), policy);
  }

  /** §5.3.4–5.3.8, 5.3.11: the next root, signed by the old root's keys and by its own. */
  public TrustedMetadata acceptRoot(byte[] bytes, String file) throws RefusedException {
    Signed<Root> next = Signed.parseRoot(bytes, file);
    signers(RoleType.ROOT).check(next, file);
    Signers.of(RoleType.ROOT, next.role(), policy).check(next, file);
    Checks.version("root", file, root.version() + 1, next.version());
    boolean rotated = isRotated(root.role(), next.role());
    return new TrustedMetadata(
        policy,
        next,
        rotated ? Optional.empty() : timestamp,
        rotated ? Optional.empty() : snapshot,
        Optional.empty());
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
    signers(RoleType.TIMESTAMP).check(next, file);
    if (timestamp.isPresent()) {
      Signed<Timestamp> trusted = timestamp.get();
      Checks.rollback(trusted, next.version(), file);
      // Under a raised threshold the kept one may lack signatures that its copy here has.
      if (next.version() == trusted.version() && signers(RoleType.TIMESTAMP).haveSigned(trusted)) {
        next = trusted;
      }
      checkSnapshotVersion(trusted, next, file);
    }
    Checks.expiry(next, file, time);
    return new TrustedMetadata(policy, root, Optional.of(next), snapshot, Optional.empty());
  }

  /** §5.4.3.2. */
  private static void checkSnapshotVersion(
      Signed<Timestamp> trusted, Signed<Timestamp> next, String file) throws RefusedException {
    long version = trusted.role().snapshot().version();
    if (next.role().snapshot().version() < version) {
      throw new RefusedException(
          new TrustRefusal.Rollback(
              "snapshot",
              file,
              version,
              trusted.role().common().signedAt(),
              next.role().snapshot().version()));
    }
  }

  /** §5.5.2–5.5.6. */
  public TrustedMetadata acceptSnapshot(byte[] bytes, String file, CheckTime time)
      throws RefusedException {
    FileMeta stated = timestamp.orElseThrow().role().snapshot();
    Checks.stated(bytes, stated, file, "timestamp.json");
    Signed<Snapshot> next = Signed.parseSnapshot(bytes, file);
    signers(RoleType.SNAPSHOT).check(next, file);
    Checks.version("snapshot", file, stated.version(), next.version());
    if (snapshot.isPresent()) {
      checkNothingWentBack(snapshot.get(), next.role(), file);
    }
    Checks.expiry(next, file, time);
    return new TrustedMetadata(policy, root, timestamp, Optional.of(next), Optional.empty());
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
    TrustedTargets next = accept(signers(RoleType.TARGETS), stated, bytes, file, time);
    return new TrustedMetadata(policy, root, timestamp, snapshot, Optional.of(next));
  }

  /** What the snapshot says of a delegated role; it must name every role that is delegated to. */
  public FileMeta delegated(DelegatedRole role) throws RefusedException {
    FileMeta stated = snapshot.orElseThrow().role().meta().get(role.metaName());
    if (stated == null) {
      throw new RefusedException(
          new TrustRefusal.MalformedMetadata(
              RoleType.SNAPSHOT.fileName(), "it does not name " + role.metaName()));
    }
    return stated;
  }

  /**
   * §5.6.7: a delegated role, for the one role that delegates to it. What one delegator's keys
   * signed proves nothing to another.
   */
  public TrustedTargets acceptDelegated(
      TrustedTargets delegator, DelegatedRole role, byte[] bytes, String file, CheckTime time)
      throws RefusedException {
    Delegations delegations = delegator.role().delegations().orElseThrow();
    Signers signers =
        new Signers(
            role.name(),
            "%s version %d".formatted(delegator.name(), delegator.file().version()),
            delegations.keys(),
            role.keys(),
            policy);
    return accept(signers, delegated(role), bytes, file, time);
  }

  private static TrustedTargets accept(
      Signers signers, FileMeta stated, byte[] bytes, String file, CheckTime time)
      throws RefusedException {
    Checks.stated(bytes, stated, file, "snapshot.json");
    Signed<Targets> next = Signed.parseTargets(bytes, file);
    List<String> keyIds = signers.check(next, file);
    Checks.version(signers.role(), file, stated.version(), next.version());
    Checks.expiry(next, file, time);
    return new TrustedTargets(signers.role(), next, keyIds);
  }
}
