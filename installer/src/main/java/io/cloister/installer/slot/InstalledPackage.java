package io.cloister.installer.slot;

import io.cloister.repo.client.Provenance;

/**
 * A package whose verified files lie on this host.
 *
 * @param name the platform for a release, the model's name for a model
 * @param manifestSha256 digest of the signed manifest's bytes, lower-case hex
 * @param provenance who signed it, and when
 */
public record InstalledPackage(
    String name, String version, String manifestSha256, Provenance provenance) {}
