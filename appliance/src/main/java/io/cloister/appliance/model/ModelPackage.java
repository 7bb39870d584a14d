package io.cloister.appliance.model;

import java.nio.file.Path;

/**
 * A model package whose every byte was found to be what was signed, at the time it was read.
 *
 * @param folder absolute
 */
public record ModelPackage(
    ModelVersion model, Path folder, ModelConfig config, GoldenRows golden) {}
