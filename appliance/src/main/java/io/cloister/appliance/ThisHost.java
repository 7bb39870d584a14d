package io.cloister.appliance;

import io.cloister.appliance.model.Host;
import io.cloister.appliance.worker.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine under this process, as far as measurements depend on it. */
final class ThisHost {
  private static final int NAME_MAX = 100;

  private ThisHost() {}

  static Host describe() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Host(Engine.version(), processors, processor(Path.of("/proc/cpuinfo")));
  }

  /** The first that the kernel lists (Linux, proc_cpuinfo(5)). */
  static String processor(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .map(name -> name.substring(0, Math.min(NAME_MAX, name.length())))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
