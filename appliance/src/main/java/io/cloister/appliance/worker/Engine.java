package io.cloister.appliance.worker;

import ai.onnxruntime.OrtEnvironment;
import java.io.File;
import java.util.Objects;
import java.util.Set;

/** The engine that workers run models with. */
public final class Engine {
  private static final File TEMPORARY = new File(System.getProperty("java.io.tmpdir", "/tmp"));

  private Engine() {}

  /** As its jar states it; none of its native code is loaded for that. */
  public static String version() {
    String stated = OrtEnvironment.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(stated, "unknown");
  }

  /**
   * Loads it. It makes a temporary folder for libraries, though ours lie in the release, and would
   * delete it when Java shuts down in order, which no worker does.
   */
  static OrtEnvironment start() {
    Set<String> before = folders();
    OrtEnvironment engine = OrtEnvironment.getEnvironment();
    for (String name : folders()) {
      if (!before.contains(name)) {
        // One with something in it is somebody else's, and stays.
        var _ = new File(TEMPORARY, name).delete();
      }
    }
    return engine;
  }

  private static Set<String> folders() {
    String[] found = TEMPORARY.list((_, name) -> name.startsWith("onnxruntime-java"));
    return found == null ? Set.of() : Set.of(found);
  }
}
