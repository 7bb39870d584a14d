package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The folder of unpacked models: read-only here, and proven again at every load. */
public final class ModelStore {
  private static final String CONFIG = "model.yaml";
  private static final String GOLDEN = "golden.json";
  private static final int CONFIG_BYTES_MAX = 1 << 20;
  private static final int GOLDEN_BYTES_MAX = 64 << 20;

  private final Path folder;

  public ModelStore(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Verifies and reads one model version. */
  public ModelPackage read(ModelVersion model) throws ModelRefused {
    Path files = folder.resolve(model.folder());
    Set<String> proven = PackageProof.verify(model, files);
    ModelConfig config =
        ModelConfigFile.parse(read(files, require(proven, CONFIG), CONFIG_BYTES_MAX));
    require(proven, config.graph());
    if (config.text().isPresent()) {
      require(proven, config.text().get().tokenizer());
    }
    GoldenRows golden = GoldenFile.parse(read(files, require(proven, GOLDEN), GOLDEN_BYTES_MAX));
    if (golden.batchTolerance().isPresent() && config.batching() != Batching.DEPENDENT) {
      throw new ModelRefused(
          "golden.json states batch_tolerance, but model.yaml says batching.rows: "
              + config.batching().text());
    }
    return new ModelPackage(model, files, config, golden);
  }

  private static String require(Set<String> proven, String name) throws ModelRefused {
    if (!proven.contains(name)) {
      throw new ModelRefused("its manifest names no file " + name);
    }
    return name;
  }

  private static byte[] read(Path files, String name, int bytesMax) throws ModelRefused {
    try {
      return Documents.read(files.resolve(name), bytesMax);
    } catch (IOException e) {
      throw new ModelRefused("its file " + name + " cannot be read: " + e, e);
    }
  }
}
