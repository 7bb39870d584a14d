package io.cloister.appliance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things lie below the folder given by {@code --root}. Two releases may run side by side
 * while one takes over from the other: each has a deployment, a database and an operator's socket
 * of its own.
 *
 * @param release the version that runs
 */
record Folders(Path root, String release) {
  Path settings() {
    return root.resolve("etc/cloister/cloister.yaml");
  }

  Path store() {
    return root.resolve("var/lib/cloister/store");
  }

  Path deployment() {
    return store().resolve("deployments").resolve(release + ".json");
  }

  /** Its programs, where it was installed. */
  Optional<Path> findPrograms() {
    return Optional.of(root.resolve("opt/cloister/releases").resolve(release))
        .filter(Files::isDirectory);
  }

  Path own() {
    return root.resolve("var/lib/cloister/appliance");
  }

  /** Those of all releases, by version. */
  Path databases() {
    return own().resolve("db");
  }

  Path database() {
    return databases().resolve(release);
  }

  Path accessLog() {
    return own().resolve("log");
  }

  /** Shared by all releases: versions are noted by their content. */
  Path lastSettings() {
    return own().resolve("last-settings.json");
  }

  Path tls() {
    return own().resolve("tls");
  }

  Path operatorSocket() {
    return root.resolve("run/cloister").resolve(release + ".sock");
  }
}
