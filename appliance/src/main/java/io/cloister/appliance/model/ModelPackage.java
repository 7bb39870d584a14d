package io.cloister.appliance.model;

import java.nio.file.Path;

/**
 * A model package whose every byte was found to be what was signed, at the time it was read.
 *
 * @param folder absolute
 */
public record ModelPackage(ModelVersion model, Path folder, ModelConfig config, GoldenRows golden) {

  /** The same files, run with other settings than they say. */
  public ModelPackage with(RunSettings settings) {
    return new ModelPackage(model, folder, settings.on(config), golden);
  }

  /** Texts that the graph is given at once: one, unless it is known that each keeps its answer. */
  public int textsMax() {
    boolean together =
        switch (config.batching()) {
          case INDEPENDENT -> golden.rows().size() > 1;
          case DEPENDENT -> config.sharing().acrossCallers();
          case NEVER -> false;
        };
    return together ? config.sharing().rowsMax() : 1;
  }
}
