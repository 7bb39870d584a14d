package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The JDK that builds, of which a release's Java runtime is a part; it says in a file what it is.
 */
record BuildJdk(Path home) {
  static BuildJdk current() {
    return new BuildJdk(Path.of(System.getProperty("java.home")));
  }

  /** All that it says of itself: another JDK of the same version says something else. */
  String statement() throws IOException {
    return Files.readString(home.resolve("release"));
  }

  String version() {
    return Runtime.version().toString();
  }

  String vendor() {
    return System.getProperty("java.vendor", "");
  }

  /** Where its source code is; a distribution's Java leaves the repository out. */
  String source() throws IOException {
    String repository = value(home, "SOURCE_REPO");
    if (repository.isEmpty()) {
      return "the source package of Java in the distribution of " + vendor();
    }
    return repository + ", " + value(home, "SOURCE").replaceFirst("^\\.:git:", "commit ");
  }

  /** The modules of an image, those too that others need. */
  static String modules(Path image) throws IOException {
    return value(image, "MODULES").replace(' ', ',');
  }

  private static String value(Path java, String name) throws IOException {
    var statement = new Properties();
    try (var in = Files.newBufferedReader(java.resolve("release"))) {
      statement.load(in);
    }
    return statement.getProperty(name, "").replace("\"", "");
  }
}
