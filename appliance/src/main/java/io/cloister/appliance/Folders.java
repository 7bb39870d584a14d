package io.cloister.appliance;

import java.nio.file.Path;

/** Where things lie below the folder given by {@code --root}. */
record Folders(Path root) {
  Path settings() {
    return root.resolve("etc/cloister/cloister.yaml");
  }

  Path store() {
    return root.resolve("var/lib/cloister/store");
  }

  Path deployment() {
    return store().resolve("deployment.json");
  }

  Path own() {
    return root.resolve("var/lib/cloister/appliance");
  }

  Path database() {
    return own().resolve("db");
  }

  Path tls() {
    return own().resolve("tls");
  }

  Path operatorSocket() {
    return root.resolve("run/cloister/admin.sock");
  }
}
