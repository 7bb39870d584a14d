package io.cloister.repo.client;

import java.time.Instant;
import java.util.List;

/**
 * Who vouched for a package, and when.
 *
 * @param targetsVersion of the targets metadata that names it
 * @param signedAt its signed field {@code signed_at}
 * @param keyIds of the valid signatures on it
 */
public record Provenance(long targetsVersion, Instant signedAt, List<String> keyIds) {
  public Provenance {
    keyIds = List.copyOf(keyIds);
  }
}
