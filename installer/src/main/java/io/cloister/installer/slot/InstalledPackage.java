package io.cloister.installer.slot;

import io.cloister.repo.client.Provenance;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.metadata.Sha256;

/**
 * A package whose verified files lie on this host.
 *
 * @param manifestSha256 digest of the signed manifest's bytes
 * @param provenance who signed it, and when
 */
public record InstalledPackage(PackageId id, Sha256 manifestSha256, Provenance provenance) {
  public String name() {
    return id.name();
  }

  public String version() {
    return id.version().toString();
  }
}
