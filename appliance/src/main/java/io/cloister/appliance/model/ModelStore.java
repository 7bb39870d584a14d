package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import io.cloister.repo.onnx.OnnxModel;
import io.cloister.repo.onnx.OnnxRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
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
    checkGraph(files, require(proven, config.graph()), proven);
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

  private static void checkGraph(Path files, String graph, Set<String> proven) throws ModelRefused {
    try {
      Path file = files.resolve(graph);
      OnnxModel.check(
          file, name -> length(files, files.relativize(file.resolveSibling(name)), proven));
    } catch (OnnxRefused e) {
      throw new ModelRefused("its graph is not served: " + e.reason(), e);
    } catch (IOException e) {
      throw new ModelRefused("its file " + graph + " cannot be read: " + e, e);
    }
  }

  private static OptionalLong length(Path files, Path name, Set<String> proven) {
    return proven.contains(name.toString())
        ? OptionalLong.of(files.resolve(name).toFile().length())
        : OptionalLong.empty();
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
