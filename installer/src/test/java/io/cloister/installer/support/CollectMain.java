package io.cloister.installer.support;

import io.cloister.installer.host.HostPaths;
import java.io.IOException;
import java.nio.file.Path;

/** Collects in a process of its own: root folder and output are its arguments. */
final class CollectMain {
  private CollectMain() {}

  public static void main(String[] arguments) throws IOException {
    new SupportArchive(new HostPaths(Path.of(arguments[0])), "0.1.0", "2.36")
        .write(Path.of(arguments[1]), Installation.NOW, _ -> {});
  }
}
