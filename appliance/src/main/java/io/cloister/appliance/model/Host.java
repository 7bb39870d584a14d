package io.cloister.appliance.model;

/**
 * What a measurement depends on besides the model.
 *
 * @param engine version of ONNX Runtime
 * @param processors that this service may use
 * @param processor its name, as the kernel tells it
 */
public record Host(String engine, int processors, String processor) {}
