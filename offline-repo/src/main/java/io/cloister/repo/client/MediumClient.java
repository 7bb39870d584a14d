package io.cloister.repo.client;

import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import java.time.Instant;

/** The TUF client workflow (1.0.34 §5) against a medium. */
@SuppressWarnings("DoNotCallSuggester")
public final class MediumClient {
  private final Medium medium;
  private final TrustStore store;
  private final Instant now;

  private MediumClient(Medium medium, TrustStore store, Instant now) {
    this.medium = medium;
    this.store = store;
    this.now = now;
  }

  /**
   * Opens nothing yet.
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
    throw new UnsupportedOperationException(
        String.valueOf(medium.folder()) + store.isEstablished() + now);
  }

  /**
   * Proves every blob of every package, and the files that SHA256SUMS lists; refuses with all
   * faults at once. Each blob is read once. After {@link #refresh}.
   */
  public void verifyAll(Catalog catalog, Progress progress) throws RefusedException {
    throw new UnsupportedOperationException(catalog + " " + progress);
  }

  /**
   * Keeps what {@link #refresh} accepted, so that nothing older is accepted again. Does nothing for
   * a store in memory.
   */
  public void persist() throws RefusedException {
    throw new UnsupportedOperationException();
  }
}
