package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import io.cloister.repo.onnx.OnnxModel;
import io.cloister.repo.onnx.OnnxRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A model package of which only the manifest and model.yaml are proven yet: enough to start a
 * worker within its limits, which is given nothing until {@link #prove} has made a {@link
 * ModelPackage} of it.
 */
public final class OpenedPackage {
  private static final String CONFIG = "model.yaml";
  private static final String GOLDEN = "golden.json";
  private static final int CONFIG_BYTES_MAX = 1 << 20;
  private static final int GOLDEN_BYTES_MAX = 64 << 20;

  private final ModelVersion model;
  private final Path files;
  private final PackageProof proof;
  private final ModelConfig config;

  private OpenedPackage(ModelVersion model, Path files, PackageProof proof, ModelConfig config) {
    this.model = model;
    this.files = files;
    this.proof = proof;
    this.config = config;
  }

  static OpenedPackage open(ModelVersion model, Path files) throws ModelRefused {
    PackageProof proof = PackageProof.begin(model, files);
    proof.prove(CONFIG);
    ModelConfig config = ModelConfigFile.parse(read(files, CONFIG, CONFIG_BYTES_MAX));
    return new OpenedPackage(model, files, proof, config);
  }

  public ModelConfig config() {
    return config;
  }

  /**
   * The whole of a package.
   *
   * @param golden its acceptance tests, which take much more memory than all else of it
   */
  public record Proven(ModelPackage files, GoldenRows golden) {}

  /** Verifies the rest, and reads what the server needs of it. */
  public Proven prove() throws ModelRefused {
    boolean dependent = proveFiles();
    GoldenRows golden = GoldenFile.parse(read(files, GOLDEN, GOLDEN_BYTES_MAX));
    if (golden.batchTolerance().isPresent() && config.batching() != Batching.DEPENDENT) {
      throw new ModelRefused(
          "golden.json states batch_tolerance, but model.yaml says batching.rows: "
              + config.batching().text());
    }
    boolean together =
        switch (config.batching()) {
          case INDEPENDENT -> golden.rows().size() > 1 && !dependent;
          case DEPENDENT -> config.sharing().acrossCallers();
          case NEVER -> false;
        };
    return new Proven(new ModelPackage(model, files, config, together), golden);
  }

  /**
   * Verifies the rest of a version that was accepted before; its acceptance tests are not read.
   *
   * @param together as it was found then
   */
  public ModelPackage proveAgain(boolean together) throws ModelRefused {
    proveFiles();
    return new ModelPackage(model, files, config, together);
  }

  /** Whether answers of the graph depend on what else is in the batch, whatever model.yaml says. */
  private boolean proveFiles() throws ModelRefused {
    proof.proveAllBut(CONFIG);
    proof.require(GOLDEN);
    if (config.text().isPresent()) {
      proof.require(config.text().get().tokenizer());
    }
    return checkGraph(files, proof.require(config.graph()), proof.names());
  }

  private static boolean checkGraph(Path files, String graph, Set<String> proven)
      throws ModelRefused {
    try {
      Path file = files.resolve(graph);
      return OnnxModel.check(
              file, name -> length(files, files.relativize(file.resolveSibling(name)), proven))
          .quantisedDynamically();
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

  private static byte[] read(Path files, String name, int bytesMax) throws ModelRefused {
    try {
      return Documents.read(files.resolve(name), bytesMax);
    } catch (IOException e) {
      throw new ModelRefused("its file " + name + " cannot be read: " + e, e);
    }
  }
}
