package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The appliance as a unit of systemd, which listens for it. */
public record SystemdService(HostPaths paths) implements Supervisor {
  private static final String USER = "cloister";
  private static final String UNIT = "cloister.service";
  private static final List<String> SOCKETS =
      List.of("cloister-inference.socket", "cloister-console.socket");
  private static final Set<String> ENDED = Set.of("inactive", "failed");
  private static final Duration PATIENCE = Duration.ofMinutes(7);

  /** Whether systemd is the first process here (sd_booted(3)). */
  public static boolean booted() {
    return Files.isDirectory(Path.of("/run/systemd/system"), LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes the units, the service's user and the folder that is that user's own. */
  @Override
  public void prepare(Map<String, Listener> listeners) throws IOException, InterruptedException {
    var files = new SystemFiles(paths);
    files.write(listeners);
    must("systemd-sysusers", files.users().toString());
    DurableFiles.createFolders(paths.appliance());
    DurableFiles.createFolders(paths.logs());
    UserPrincipal user =
        paths.root().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
    Files.setOwner(paths.appliance(), user);
    Files.setPosixFilePermissions(paths.appliance(), PosixFilePermissions.fromString("rwx------"));
    must("systemctl", "daemon-reload");
  }

  @Override
  public List<Path> findChanged(Map<String, Listener> listeners) throws IOException {
    return new SystemFiles(paths).findChanged(listeners);
  }

  /** While this very program is still there: it starts others. */
  @Override
  public void forget(boolean dataStays) throws IOException, InterruptedException {
    for (Path file : new SystemFiles(paths).all()) {
      DurableFiles.deleteIfExists(file);
    }
    must("systemctl", "daemon-reload");
    say("systemctl", "reset-failed", "cloister*");
    if (!dataStays) {
      say("userdel", USER);
    }
  }

  @Override
  public boolean running() throws IOException {
    try {
      return !ENDED.contains(property("ActiveState"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking systemd", e);
    }
  }

  /** The sockets come with it. A unit that failed before gets another chance. */
  @Override
  public void start() throws IOException, InterruptedException {
    say("systemctl", "reset-failed", UNIT);
    say("systemctl", "restart", UNIT);
  }

  /** systemd has a patience of its own, {@code TimeoutStopSec}. */
  @Override
  public Stopped stop(Duration patience) throws IOException, InterruptedException {
    boolean ran = running();
    List<String> line = new ArrayList<>(List.of("systemctl", "stop"));
    line.addAll(SOCKETS);
    line.add(UNIT);
    say(line.toArray(String[]::new));
    if (!ran) {
      return Stopped.NOT_RUNNING;
    }
    return property("Result").equals("timeout") ? Stopped.KILLED : Stopped.DRAINED;
  }

  @Override
  public boolean listensMeanwhile() {
    return true;
  }

  @Override
  public Optional<Finished> setup(Path release, Path errors, Duration patience)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of("systemd-run", "--quiet", "--wait", "--pipe", "--collect", "-E"));
    line.add("CLOISTER_TETHERED=1");
    for (String property :
        List.of(
            "User=" + USER,
            "Group=" + USER,
            "UMask=0077",
            "NoNewPrivileges=yes",
            "CapabilityBoundingSet=",
            "PrivateNetwork=yes",
            "PrivateTmp=yes",
            "ProtectHome=yes",
            "ProtectSystem=strict",
            "ReadWritePaths=" + paths.appliance())) {
      line.addAll(List.of("-p", property));
    }
    line.add("--");
    line.addAll(ApplianceProcess.command(release, "setup", "--root", paths.root().toString()));
    return command(line).errorsTo(errors).run(paths.journal(), patience);
  }

  private String property(String name) throws IOException, InterruptedException {
    return say("systemctl", "show", "--value", "--property=" + name, UNIT).output().strip();
  }

  private Command command(List<String> line) {
    return new Command(line, paths.root());
  }

  private Finished say(String... line) throws IOException, InterruptedException {
    return command(List.of(line))
        .run(Path.of("/run"), PATIENCE)
        .orElseThrow(
            () ->
                new IOException(
                    String.join(" ", line) + ": no end after " + PATIENCE.toMinutes() + " min"));
  }

  private void must(String... line) throws IOException, InterruptedException {
    Finished finished = say(line);
    if (finished.status() != 0) {
      throw new IOException(
          String.join(" ", line)
              + " ended with status "
              + finished.status()
              + ": "
              + finished.output().strip());
    }
  }
}
