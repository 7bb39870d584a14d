package io.cloister.repo.trust;

import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import java.util.List;

/**
 * Targets metadata that was accepted, top-level or delegated.
 *
 * @param name {@code targets}, or the delegated role's
 * @param keyIds of the valid signatures on it
 */
public record TrustedTargets(String name, Signed<Targets> file, List<String> keyIds) {
  public TrustedTargets {
    keyIds = List.copyOf(keyIds);
  }

  public Targets role() {
    return file.role();
  }
}
