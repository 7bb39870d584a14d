package io.cloister.appliance.worker;

import ai.onnxruntime.OrtEnvironment;
import java.util.Objects;

/** The engine that workers run models with. */
public final class Engine {
  private Engine() {}

  /** As its jar states it; none of its native code is loaded for that. */
  public static String version() {
    String stated = OrtEnvironment.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(stated, "unknown");
  }
}
