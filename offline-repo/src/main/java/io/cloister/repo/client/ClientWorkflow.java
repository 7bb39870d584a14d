package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.trust.CheckTime;
import io.cloister.repo.trust.TrustedMetadata;
import io.cloister.repo.trust.TrustedTargets;
import java.util.Optional;

/** One run of the TUF client workflow (1.0.34 §5) at one time, wherever the files come from. */
public final class ClientWorkflow {
  /** How many new roots one run follows, TUF 1.0.34 §5.3.3. */
  private static final int ROOTS_MAX = 256;

  private static final String METADATA = "metadata/";

  private final MetadataFiles files;
  private CheckTime time;
  private TrustedMetadata trusted;
  private boolean rotated;

  /**
   * @param start the trusted root, and what earlier runs kept
   */
  public ClientWorkflow(MetadataFiles files, TrustedMetadata start, CheckTime time) {
    this.files = files;
    this.trusted = start;
    this.time = time;
  }

  @FunctionalInterface
  private interface Acceptance<T> {
    T accept(byte[] bytes, String file) throws RefusedException;
  }

  /** §5.3–5.6.6: the top-level roles. */
  public void refresh() throws RefusedException {
    updateRoot();
    updateTimestamp();
    FileMeta snapshot = trusted.timestamp().orElseThrow().role().snapshot();
    trusted =
        update(
            RoleType.SNAPSHOT,
            RoleType.SNAPSHOT.fileName(),
            snapshot,
            (bytes, file) -> trusted.acceptSnapshot(bytes, file, time));
    FileMeta targets = trusted.snapshot().orElseThrow().role().targets();
    trusted =
        update(
            RoleType.TARGETS,
            RoleType.TARGETS.fileName(),
            targets,
            (bytes, file) -> trusted.acceptTargets(bytes, file, time));
  }

  /** What is trusted now. */
  public TrustedMetadata trusted() {
    return trusted;
  }

  /** The time of this run; only of the host clock once {@link #isRotated}. */
  public CheckTime time() {
    return time;
  }

  /** Whether a new root took a key of timestamp or snapshot away (§5.3.11). */
  public boolean isRotated() {
    return rotated;
  }

  private void updateRoot() throws RefusedException {
    for (int count = 0; ; count++) {
      String file = METADATA + (trusted.root().version() + 1) + ".root.json";
      Optional<byte[]> next = files.find(file, RoleType.ROOT.bytesMax());
      if (next.isEmpty()) {
        trusted.checkRootExpiry(METADATA + trusted.root().version() + ".root.json", time);
        return;
      }
      if (count == ROOTS_MAX) {
        throw new RefusedException(new TrustRefusal.RootChainTooLong(file, ROOTS_MAX));
      }
      TrustedMetadata before = trusted;
      trusted = before.acceptRoot(next.get(), file);
      if (TrustedMetadata.isRotated(before.root().role(), trusted.root().role())) {
        rotated = true;
        time = time.byClockAlone();
        files.forget(RoleType.TIMESTAMP.fileName());
        files.forget(RoleType.SNAPSHOT.fileName());
      }
      files.keep(RoleType.ROOT.fileName(), next.get());
    }
  }

  private void updateTimestamp() throws RefusedException {
    String file = METADATA + RoleType.TIMESTAMP.fileName();
    trusted = trusted.acceptTimestamp(read(file, RoleType.TIMESTAMP.bytesMax()), file, time);
    files.keep(RoleType.TIMESTAMP.fileName(), trusted.timestamp().orElseThrow().bytes());
  }

  /** §5.6.7: a role for the role that delegates to it. */
  TrustedTargets delegated(TrustedTargets delegator, DelegatedRole role) throws RefusedException {
    return update(
        RoleType.TARGETS,
        role.fileName(),
        trusted.delegated(role),
        (bytes, file) -> trusted.acceptDelegated(delegator, role, bytes, file, time));
  }

  private <T> T update(RoleType type, String name, FileMeta stated, Acceptance<T> acceptance)
      throws RefusedException {
    Optional<byte[]> kept = files.findKept(name);
    if (kept.isPresent()) {
      try {
        return acceptance.accept(kept.get(), name);
      } catch (RefusedException e) {
        // Not current any more: then the repository's own must pass the same checks.
      }
    }
    boolean consistent = trusted.root().role().consistentSnapshot();
    String file = METADATA + (consistent ? stated.version() + "." : "") + name;
    byte[] bytes = read(file, bytesMax(type, stated));
    T accepted = acceptance.accept(bytes, file);
    files.keep(name, bytes);
    return accepted;
  }

  /** §5.5.1, §5.6.1: the stated length where there is one, and never more than the role's limit. */
  private static int bytesMax(RoleType type, FileMeta stated) {
    return stated
        .length()
        .map(length -> (int) Math.min(length, type.bytesMax()))
        .orElse(type.bytesMax());
  }

  private byte[] read(String file, int bytesMax) throws RefusedException {
    return files
        .find(file, bytesMax)
        .orElseThrow(() -> new RefusedException(new MissingFile(Where.of(file))));
  }
}
