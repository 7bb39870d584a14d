package io.cloister.repo.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a machine trusts, kept in a folder: {@code root.json}, {@code timestamp.json}, {@code
 * snapshot.json}, {@code targets.json} and {@code state.json}.
 */
@SuppressWarnings("DoNotCallSuggester")
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
    throw new UnsupportedOperationException(folder + " " + anchor);
  }
}
