package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The appliance as units of systemd, which listens for it: one unit for each release. */
public record SystemdService(HostPaths paths) implements Supervisor {
  private static final String USER = "cloister";
  private static final String UNIT = "cloister.service";
  private static final String PROBATION = "cloister-probation.timer";
  private static final String INFERENCE = "cloister-inference.socket";
  private static final String CONSOLE = "cloister-console.socket";
  private static final Duration PATIENCE = Duration.ofMinutes(7);

  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

  /** Always there to be written, and left as it was found. */
  private static final Path SCRATCH = Path.of("/tmp");

  /** Whether systemd is the first process here (sd_booted(3)). */
  public static boolean booted() {
    return Files.isDirectory(Path.of("/run/systemd/system"), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Makes the units, the service's user, the folder that is that user's own, and the data's key.
   */
  @Override
  public void prepare(String release, Map<String, Listener> listeners)
      throws IOException, InterruptedException {
    new DataKeyFile(paths).make(new SecureRandom());
    var files = new SystemFiles(paths);
    files.writeOthers(release);
    must("systemd-sysusers", files.users().toString());
    DurableFiles.createFolders(paths.appliance());
    UserPrincipal user = user();
    if (!Files.getOwner(paths.appliance()).equals(user)) {
      new ServiceFolder(paths.appliance()).giveTo(user);
      Files.setOwner(paths.appliance(), user);
    }
    Files.setPosixFilePermissions(paths.appliance(), OWN);
    DurableFiles.forceFolder(paths.appliance());
    closeLog();
    arrange(release, listeners);
  }

  /** It tells of callers and their addresses, and every user of a host can read 0644. */
  public void closeLog() throws IOException {
    DurableFiles.createFolders(paths.logs());
    Files.setPosixFilePermissions(paths.logs(), OWN);
    DurableFiles.forceFolder(paths.logs());
  }

  @Override
  public void arrange(String release, Map<String, Listener> listeners)
      throws IOException, InterruptedException {
    new SystemFiles(paths).writeUnits(release, listeners);
    must("systemctl", "daemon-reload");
  }

  @Override
  public boolean isArrangedFor(String other, String release, Map<String, Listener> listeners)
      throws IOException {
    return new SystemFiles(paths).hasUnitOf(other, release, listeners);
  }

  @Override
  public List<Path> findChanged(String release, Map<String, Listener> listeners)
      throws IOException {
    List<Path> changed = new SystemFiles(paths).findChanged(release, listeners);
    if (!hasItsFolder()) {
      changed.add(paths.appliance());
    }
    if (!Files.isDirectory(paths.logs())
        || !Files.getPosixFilePermissions(paths.logs()).equals(OWN)) {
      changed.add(paths.logs());
    }
    return changed;
  }

  /** Whether the service's user is there, and its folder is that user's alone. */
  private boolean hasItsFolder() throws IOException {
    try {
      return Files.getOwner(paths.appliance()).equals(user())
          && Files.getPosixFilePermissions(paths.appliance()).equals(OWN);
    } catch (UserPrincipalNotFoundException e) {
      return false;
    }
  }

  private UserPrincipal user() throws IOException {
    return paths.root().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
  }

  /** While this very program is still there: it starts others. */
  @Override
  public void forget(boolean dataStays) throws IOException, InterruptedException {
    say(
        "systemctl",
        "stop",
        "cloister-repair.path",
        "cloister-repair.service",
        "cloister-recover@*.service");
    var files = new SystemFiles(paths);
    files.deleteReleasesExcept(Set.of());
    for (Path file : files.all()) {
      DurableFiles.deleteIfExists(file);
      DurableFiles.deleteIfExists(DurableFiles.temporary(file));
    }
    must("systemctl", "daemon-reload");
    say("systemctl", "reset-failed", "cloister*");
    if (!dataStays) {
      say("userdel", USER);
    }
  }

  @Override
  public List<String> findRunning() throws IOException {
    try {
      return must(
              "systemctl",
              "list-units",
              "--plain",
              "--no-legend",
              "--state=active,activating,reloading,deactivating",
              "cloister@*.service")
          .output()
          .lines()
          .map(line -> line.strip().split(" ", 2)[0])
          .map(unit -> unit.substring(unit.indexOf('@') + 1, unit.lastIndexOf('.')))
          .toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking systemd", e);
    }
  }

  @Override
  public boolean hasProcess(String release) throws IOException {
    try {
      return !property(SystemFiles.unit(release), "MainPID").equals("0");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking systemd", e);
    }
  }

  /**
   * A unit that failed before gets another chance. The sockets come with it, and must be there
   * before {@code cloister.service}, which is told without waiting: it may be what runs this. What
   * is trained must not be in the way of the start. A probation that a stop ended begins anew.
   */
  @Override
  public void start(String release) throws IOException, InterruptedException {
    String unit = SystemFiles.unit(release);
    say("systemctl", "reset-failed", unit);
    say("systemctl", "restart", unit);
    say("systemctl", "--no-block", "start", UNIT, training(release));
    if (new SystemFiles(paths).isOnProbation(release)) {
      say("systemctl", "--no-block", "start", PROBATION);
    }
  }

  /** For {@code cloister.service}, which the release waits for. A probation begins anew. */
  @Override
  public void enqueue(String release, boolean onProbation)
      throws IOException, InterruptedException {
    must("systemctl", "--no-block", "start", SystemFiles.unit(release), training(release));
    if (onProbation) {
      must("systemctl", "--no-block", "start", PROBATION);
    }
  }

  /** systemd has a patience of its own, {@code TimeoutStopSec}. */
  @Override
  public Stopped stop(String release, Duration patience) throws IOException, InterruptedException {
    String unit = SystemFiles.unit(release);
    boolean ran = findRunning().contains(release);
    say("systemctl", "stop", unit, training(release));
    if (!ran) {
      return Stopped.NOT_RUNNING;
    }
    return property(unit, "Result").equals("timeout") ? Stopped.KILLED : Stopped.DRAINED;
  }

  @Override
  public Stopped stopAll(Duration patience) throws IOException, InterruptedException {
    List<String> running = findRunning();
    Stopped stopped = Stopped.NOT_RUNNING;
    say("systemctl", "stop", PROBATION, UNIT, "cloister-train@*.service", INFERENCE, CONSOLE);
    for (String release : running) {
      stop(release, patience);
      boolean killed = property(SystemFiles.unit(release), "Result").equals("timeout");
      stopped = stopped.and(killed ? Stopped.KILLED : Stopped.DRAINED);
    }
    return stopped;
  }

  @Override
  public void closeListeners() throws IOException, InterruptedException {
    say("systemctl", "stop", INFERENCE, CONSOLE);
  }

  @Override
  public boolean sideBySide() {
    return true;
  }

  @Override
  public void watch(Optional<String> onProbation) throws IOException, InterruptedException {
    if (new SystemFiles(paths).setOnProbation(onProbation)) {
      must("systemctl", "daemon-reload");
      say("systemctl", "--no-block", onProbation.isPresent() ? "restart" : "stop", PROBATION);
    } else if (onProbation.isPresent() && findRunning().contains(onProbation.get())) {
      // Whoever stopped the release stopped this too; where it goes on, nothing happens.
      say("systemctl", "--no-block", "start", PROBATION);
    }
  }

  @Override
  public String whyEnded(String release) throws IOException, InterruptedException {
    String unit = SystemFiles.unit(release);
    return "its process ended: %s, status %s"
        .formatted(property(unit, "Result"), property(unit, "ExecMainStatus"));
  }

  @Override
  public Optional<Finished> run(String release, Path errors, Duration patience, String... arguments)
      throws IOException, InterruptedException {
    List<String> rules =
        List.of(
            "User=" + USER,
            "Group=" + USER,
            "UMask=0077",
            new DataKeyFile(paths).setting(),
            "ReadWritePaths=" + paths.appliance());
    List<String> line =
        new ArrayList<>(List.of("systemd-run", "--quiet", "--wait", "--pipe", "--collect", "-E"));
    line.add("CLOISTER_TETHERED=1");
    rules.forEach(rule -> line.addAll(List.of("-p", rule)));
    Confinement.RULES.forEach(rule -> line.addAll(List.of("-p", rule)));
    line.add("--");
    line.addAll(ApplianceProcess.command(paths, release, arguments));
    return new Command(line, paths.root()).errorsTo(errors).run(SCRATCH, patience);
  }

  /** Where a release finds its start-up archive, which is made once it has started. */
  public void makeRoomForArchives(String release) throws IOException {
    Path archives = paths.release(release).resolve("aot");
    DurableFiles.createFolders(archives);
    Files.setPosixFilePermissions(archives, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String training(String release) {
    return "cloister-train@" + release + ".service";
  }

  private String property(String unit, String name) throws IOException, InterruptedException {
    return say("systemctl", "show", "--value", "--property=" + name, unit).output().strip();
  }

  private Finished say(String... line) throws IOException, InterruptedException {
    return new Command(List.of(line), paths.root())
        .run(SCRATCH, PATIENCE)
        .orElseThrow(
            () ->
                new IOException(
                    String.join(" ", line) + ": no end after " + PATIENCE.toMinutes() + " min"));
  }

  private Finished must(String... line) throws IOException, InterruptedException {
    Finished finished = say(line);
    if (finished.status() != 0) {
      throw new IOException(
          String.join(" ", line)
              + " ended with status "
              + finished.status()
              + ": "
              + finished.output().strip());
    }
    return finished;
  }
}
