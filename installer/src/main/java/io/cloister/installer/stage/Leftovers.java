package io.cloister.installer.stage;

import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.ServiceFolder;
import io.cloister.installer.host.SystemFiles;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Deletes what no slot needs any more, or what an interrupted command left; what is there of a
 * {@link PausedSet} stays.
 */
public record Leftovers(HostPaths paths) {
  private static final Logger LOG = System.getLogger(Leftovers.class.getName());

  /** Keeps the files of these slots, and nothing else. */
  public void delete(Slots slots) throws IOException {
    Set<Path> needed = new HashSet<>();
    Set<String> releases = new HashSet<>();
    for (Deployment deployment : slots.deploymentsToKeep()) {
      for (InstalledPackage each : deployment.packages()) {
        needed.add(Stager.folder(paths, each.id()));
      }
      String release = deployment.release().version();
      releases.add(release);
      needed.add(paths.deployment(release));
    }
    if (new PausedSet(paths).find().isPresent()) {
      needed.add(paths.stagedReleases());
    } else {
      Folders.delete(paths.stagedModels());
    }
    new SystemFiles(paths).deleteReleasesExcept(releases);
    for (Path folder : List.of(paths.data(), paths.trust(), paths.journal(), paths.programs())) {
      DurableFiles.deleteTemporaries(folder);
    }
    if (!paths.isHost()) {
      // Elsewhere the folder is the service's own, and no command of ours writes there.
      DurableFiles.deleteTemporaries(paths.run());
    }
    deleteDatabasesExcept(releases);
    deleteOthers(paths.deployments(), needed);
    deleteOthers(paths.releases(), needed);
    for (Path model : Folders.list(paths.models())) {
      deleteOthers(model, needed);
      Folders.deleteEmpty(List.of(model));
    }
  }

  /** Below a folder of the service's own, which must not keep a command from its work. */
  private void deleteDatabasesExcept(Set<String> releases) {
    try {
      new ServiceFolder(paths.appliance()).deleteOthers(List.of("db"), releases);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the next command tries again", e);
    }
  }

  private static void deleteOthers(Path folder, Set<Path> needed) throws IOException {
    for (Path entry : Folders.list(folder)) {
      if (!needed.contains(entry)) {
        Folders.delete(entry);
      }
    }
  }
}
