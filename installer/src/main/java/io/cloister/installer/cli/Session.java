package io.cloister.installer.cli;

import io.cloister.installer.HostFinding.NoSystemd;
import io.cloister.installer.HostFinding.NotWritable;
import io.cloister.installer.InstallRefusal.Busy;
import io.cloister.installer.InstallRefusal.NotAsRoot;
import io.cloister.installer.InstallRefusal.NotInstalled;
import io.cloister.installer.InstallRefusal.Unfit;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.Patience;
import io.cloister.installer.activate.Recovery;
import io.cloister.installer.activate.Service;
import io.cloister.installer.console.Console;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.Footprint;
import io.cloister.repo.RefusedCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One run of one command.
 *
 * @param root as given with {@code --root}
 * @param typed the whole command as typed, to be repeated in advice
 */
record Session(Edge edge, Console console, Optional<Path> root, String typed) {

  /** Below {@code --root}, or the host's own where systemd can run the service. */
  HostPaths paths() throws InstallRefusedException {
    HostPaths paths = anyPaths();
    if (paths.isHost() && !edge.machine().systemd()) {
      throw new InstallRefusedException(new Unfit(new NoSystemd()));
    }
    Path nearest = Machine.nearestExisting(paths.root());
    if (!Files.isDirectory(nearest)) {
      throw new InstallRefusedException(
          new Unfit(new NotWritable(List.of(nearest), System.getProperty("user.name"))));
    }
    return paths;
  }

  /** Below {@code --root}, or the host's own: for commands that only look. */
  HostPaths anyPaths() {
    String folder = root.orElse(Path.of("/")).toAbsolutePath().normalize().toString();
    return new HostPaths(edge.disk().getPath(folder));
  }

  Patience patience() {
    return edge.patience();
  }

  Service service() {
    return new Service(anyPaths(), patience());
  }

  void say(String text) {
    console.say(text);
  }

  /** How the command is called here, for advice. */
  String cloister() {
    return root.map(folder -> "cloister --root " + RefusedCommand.shell(List.of(folder.toString())))
        .orElse("cloister");
  }

  /** What is installed. */
  Slots installed() throws IOException, InstallRefusedException {
    HostPaths paths = paths();
    Slots slots = new SlotFiles(paths).read();
    if (slots.active().isEmpty() && HostLock.isHeld(paths)) {
      throw new InstallRefusedException(new Busy(paths.lock()));
    }
    if (slots.active().isEmpty()) {
      throw new InstallRefusedException(new NotInstalled(paths.root()));
    }
    return slots;
  }

  /** Refuses where only others may ask the service: then its silence says nothing. */
  void refuseForeign() throws InstallRefusedException {
    Path run = paths().run();
    if (Files.isDirectory(run) && !Files.isExecutable(run)) {
      throw new InstallRefusedException(new NotAsRoot(run, System.getProperty("user.name")));
    }
  }

  /** The lock on a host with something installed, brought to rest first. */
  HostLock lock() throws IOException, InterruptedException, InstallRefusedException {
    HostPaths paths = paths();
    new Recovery(paths, patience(), this::say).finishFirstInstall();
    installed();
    HostLock lock = HostLock.take(paths);
    // Whoever had it until now may have uninstalled: then the lock is all that is there.
    Optional<Footprint> trace = Footprint.findTrace(paths);
    if (trace.isPresent()) {
      try (lock) {
        trace.get().remove(paths);
      }
      throw new InstallRefusedException(new NotInstalled(paths.root()));
    }
    return lock;
  }

  /** What is installed, at rest; the caller holds the lock. */
  Slots settled() throws IOException, InterruptedException, InstallRefusedException {
    return new Recovery(paths(), patience(), this::say).settle();
  }
}
