package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import java.io.IOException;
import java.nio.file.Path;

/** The folder of unpacked models: read-only here, and proven again at every load. */
public final class ModelStore {
  private static final int MODEL_YAML_BYTES_MAX = 1 << 20;
  private static final int GOLDEN_BYTES_MAX = 64 << 20;

  private final Path folder;

  public ModelStore(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Verifies and reads one model version. */
  public ModelPackage read(ModelVersion model) throws ModelRefused {
    Path models = folder.resolve(model.folder());
    PackageProof.verify(model, models);
    try {
      return new ModelPackage(
          model,
          models,
          ModelConfigFile.parse(Documents.read(models.resolve("model.yaml"), MODEL_YAML_BYTES_MAX)),
          GoldenFile.parse(Documents.read(models.resolve("golden.json"), GOLDEN_BYTES_MAX)));
    } catch (IOException e) {
      throw new ModelRefused("the package cannot be read: " + e, e);
    }
  }
}
