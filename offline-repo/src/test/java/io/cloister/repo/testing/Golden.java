package io.cloister.repo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what a command prints; {@code -Dgolden.update=true} writes them anew. */
public final class Golden {
  private Golden() {}

  /** The project's folder {@code docs}, found from a module's folder or above it. */
  public static Path docs() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("offline-repo"))
        ? here.resolve("docs")
        : here.resolveSibling("docs");
  }

  public static boolean isUpdating() {
    return Boolean.getBoolean("golden.update");
  }

  /** The file has exactly this text. */
  public static void check(Path file, String text) throws IOException {
    if (isUpdating()) {
      Files.createDirectories(file.resolveSibling(".").normalize());
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file)).as("golden file %s", file).isEqualTo(text);
  }
}
