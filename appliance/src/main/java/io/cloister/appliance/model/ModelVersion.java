package io.cloister.appliance.model;

/**
 * One immutable version of a model, as the deployment and the routing name it.
 *
 * @param manifestSha256 lower-case hexadecimal digest of the signed manifest: what the version is
 * @param folder where it lies, relative to the model store
 */
public record ModelVersion(
    String name, String version, String manifestSha256, String folder, Provenance provenance) {

  /** Name and version, for people. */
  public String title() {
    return name + " " + version;
  }
}
