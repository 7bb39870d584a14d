package io.cloister.appliance.model;

import java.nio.file.Path;

/**
 * A model package whose every byte was found to be what was signed, at the time it was read.
 *
 * @param folder absolute
 * @param together whether it is known that rows which run together keep their answers, or its owner
 *     takes it that they do not
 */
public record ModelPackage(ModelVersion model, Path folder, ModelConfig config, boolean together) {

  /** The same files, run with other settings than they say. */
  public ModelPackage with(RunSettings settings) {
    return new ModelPackage(model, folder, settings.on(config), together);
  }

  /** Texts that the graph is given at once. */
  public int textsMax() {
    return together ? config.sharing().rowsMax() : 1;
  }
}
