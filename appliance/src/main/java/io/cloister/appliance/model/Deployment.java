package io.cloister.appliance.model;

import java.time.Instant;
import java.util.List;

/**
 * What should run now: the installer writes it, the appliance reads it.
 *
 * @param generation only grows
 * @param candidate whether another release still serves: load and accept, and listen when told
 */
public record Deployment(
    long generation,
    Instant installedAt,
    Release release,
    List<ModelVersion> models,
    boolean candidate) {

  /** The release folder that is active. */
  public record Release(
      String version, String platform, String manifestSha256, Provenance provenance) {}

  public Deployment {
    models = List.copyOf(models);
    if (generation < 1) {
      throw new IllegalArgumentException("generation is at least 1, not " + generation);
    }
    if (models.stream().map(ModelVersion::name).distinct().count() != models.size()) {
      throw new IllegalArgumentException("a model is deployed twice");
    }
  }
}
