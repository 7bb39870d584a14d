package io.cloister.appliance.scrub;

import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A package's folder.
 *
 * @param title what it should hold, e.g. {@code model-digits-1.0.0}
 * @param manifestSha256 what its manifest should be; empty where only the installer knows
 */
record Installed(String title, Path folder, Optional<String> manifestSha256) {

  /**
   * Everything that can be looked at: what is deployed, and what else lies in the store, such as
   * the models of the other slot.
   *
   * @param release the folder of the release that runs, if it runs from one
   */
  static List<Installed> find(Path store, Optional<Path> release, Optional<Deployment> deployment)
      throws IOException {
    Map<Path, Installed> all = new LinkedHashMap<>();
    release.ifPresent(folder -> all.put(folder, release(folder, deployment)));
    for (ModelVersion model : deployment.map(Deployment::models).orElse(List.of())) {
      Path folder = store.resolve(model.folder());
      String title = "model-" + model.name() + "-" + model.version();
      all.put(folder, new Installed(title, folder, Optional.of(model.manifestSha256())));
    }
    for (Path name : folders(store.resolve("models"))) {
      for (Path folder : folders(name)) {
        String title = "model-" + name.getFileName() + "-" + folder.getFileName();
        all.putIfAbsent(folder, new Installed(title, folder, Optional.empty()));
      }
    }
    return List.copyOf(all.values());
  }

  /** While releases change, a deployment may be of the other one. */
  private static Installed release(Path folder, Optional<Deployment> deployment) {
    String version = String.valueOf(folder.getFileName());
    return deployment
        .map(Deployment::release)
        .filter(deployed -> deployed.version().equals(version))
        .map(
            deployed ->
                new Installed(
                    "runtime-" + deployed.platform() + "-" + version,
                    folder,
                    Optional.of(deployed.manifestSha256())))
        .orElse(new Installed("runtime " + version, folder, Optional.empty()));
  }

  private static List<Path> folders(Path above) throws IOException {
    if (!Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> entries = Files.list(above)) {
      entries
          .sorted()
          .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .forEach(folders::add);
    }
    return folders;
  }
}
