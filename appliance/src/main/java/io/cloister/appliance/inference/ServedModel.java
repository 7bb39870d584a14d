package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Signature;

/**
 * A routed model version that has been loaded: its identity, its package's words, its tensors.
 *
 * @param sharedRowsMax in one run of several callers' requests; 1 where none is shared
 */
public record ServedModel(
    ModelVersion model,
    ModelConfig config,
    Signature signature,
    long sharedRowsMax,
    boolean ready) {}
