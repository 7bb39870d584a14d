package io.cloister.repo.client;

import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.metadata.Sha256;

/**
 * A package whose manifest is proven by trusted metadata. Only {@link MediumClient} makes one;
 * whoever holds one need not check the manifest again. Its files are proven by {@link
 * PackageReader} while they are copied.
 */
public final class VerifiedPackage {
  private final PackageManifest manifest;
  private final byte[] manifestBytes;
  private final Sha256 manifestSha256;
  private final Provenance provenance;

  VerifiedPackage(PackageManifest manifest, byte[] manifestBytes, Provenance provenance) {
    this.manifest = manifest;
    this.manifestBytes = manifestBytes.clone();
    this.manifestSha256 = Sha256.of(manifestBytes);
    this.provenance = provenance;
  }

  public PackageId id() {
    return manifest.id();
  }

  public PackageManifest manifest() {
    return manifest;
  }

  /** Exactly the signed bytes; a copy. */
  public byte[] manifestBytes() {
    return manifestBytes.clone();
  }

  public Sha256 manifestSha256() {
    return manifestSha256;
  }

  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String toString() {
    return id().toString();
  }
}
