package io.cloister.installer.slot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One release and the models it serves: the content of deployment.json.
 *
 * @param generation grows with every deployment that this host is told to run
 */
public record Deployment(
    long generation, Instant installedAt, InstalledPackage release, List<InstalledPackage> models) {

  public Deployment {
    if (generation < 1) {
      throw new IllegalArgumentException("generation " + generation);
    }
    models = List.copyOf(models);
  }

  public Optional<InstalledPackage> findModel(String name) {
    return models.stream().filter(model -> model.name().equals(name)).findFirst();
  }

  /** The release and the models. */
  public List<InstalledPackage> packages() {
    return Stream.concat(Stream.of(release), models.stream()).toList();
  }

  /** For a person, e.g. {@code release 0.1.0, digits 1.1.0}. */
  public String words() {
    var words = new StringBuilder("release " + release.version());
    models.forEach(model -> words.append(", " + model.name() + " " + model.version()));
    return words.toString();
  }

  /** The same content, told to the appliance anew. */
  public Deployment withGeneration(long next) {
    return new Deployment(next, installedAt, release, models);
  }
}
