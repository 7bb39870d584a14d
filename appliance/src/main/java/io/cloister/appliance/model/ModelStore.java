package io.cloister.appliance.model;

import java.nio.file.Path;

/** The folder of unpacked models: read-only here, and proven again at every load. */
public final class ModelStore {
  private final Path folder;

  public ModelStore(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Proves and reads what says how one model version is run. */
  public OpenedPackage open(ModelVersion model) throws ModelRefused {
    return OpenedPackage.open(model, folder.resolve(model.folder()));
  }
}
