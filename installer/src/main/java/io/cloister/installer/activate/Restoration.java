package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.BackupKey;
import io.cloister.installer.InstallRefusal.BackupNewer;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.backup.Backup;
import io.cloister.installer.backup.Swap;
import io.cloister.installer.host.DataKeyFile;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts a backup in the place of what the site has here, and has the release in service serve it;
 * what was there is put back when that does not become ready. The caller holds the lock.
 *
 * @param says told of each step as it begins
 */
public record Restoration(HostPaths paths, Patience patience, Consumer<String> says) {

  /** What an interruption left to be put back; then the release has to be told again. */
  enum PutBack {
    NOTHING,
    /** Of a service that ran, and is to run again. */
    RAN,
    STOPPED
  }

  /** Refuses what cannot serve here, before anything is changed. */
  public void check(Slots slots, Backup backup)
      throws IOException, InterruptedException, InstallRefusedException {
    String here = slots.findServing().orElseThrow().release().version();
    if (backup.release().compareTo(Version.parse(here)) > 0) {
      throw new InstallRefusedException(new BackupNewer(backup.release().toString(), here));
    }
    boolean encrypted = backup.findDataKey().isPresent();
    if (encrypted != new DataKeyFile(paths).find().isPresent()) {
      throw new InstallRefusedException(new BackupKey(encrypted));
    }
  }

  /**
   * Restores what {@link #check} let pass.
   *
   * @param now for the trail of the site's policy
   */
  public Deployment apply(Slots slots, Backup backup, Instant now)
      throws IOException, InterruptedException, InstallRefusedException {
    // Neither this host's data nor the backup's knows it.
    long generation = Math.max(slots.nextGeneration(), backup.generation() + 1);
    Deployment again = slots.findServing().orElseThrow().withGeneration(generation);
    var swap = new Swap(paths);
    boolean ran = new Service(paths, patience).running();
    swap.begin(backup.policy(), ran, now);
    try {
      exchange(swap, again, backup);
      serve(again);
      new SlotFiles(paths).write(slots.tellAgain(again));
      swap.hold();
    } catch (InstallRefusedException | IOException e) {
      List<InstallRefusal> refusals = new ArrayList<>(InstallRefusedException.refusals(e));
      refusals.addAll(goBack(slots, again, ran));
      throw InstallRefusedException.tookBack(refusals);
    }
    try {
      swap.finish();
    } catch (IOException e) {
      says.accept("warning: the next command has to finish this: " + e.getMessage());
    }
    return again;
  }

  private void exchange(Swap swap, Deployment again, Backup backup)
      throws IOException, InterruptedException {
    says.accept("stop");
    new Service(paths, patience).stop();
    says.accept("put the data in place");
    swap.clear();
    prepare(swap, again.release().version(), backup);
    swap.exchange();
  }

  /** The service does not run: nobody else writes into its folder. */
  private void prepare(Swap swap, String release, Backup backup)
      throws IOException, InterruptedException {
    DurableFiles.write(swap.fresh(paths.settings()), backup.file(Backup.SETTINGS));
    Path databases = folder(swap.fresh(paths.databases()));
    Path database = folder(databases.resolve(release));
    own(database.resolve(Backup.DATABASE), backup.file(Backup.DATABASE), "rw-------");
    Path tls = folder(swap.fresh(paths.certificates()));
    own(tls.resolve("cert.pem"), backup.file(Backup.CERTIFICATE), "rw-r--r--");
    own(tls.resolve("key.pem"), backup.file(Backup.CERTIFICATE_KEY), "rw-------");
    if (backup.findDataKey().isPresent()) {
      swap.prepareKey(new String(backup.findDataKey().get(), StandardCharsets.US_ASCII));
    }
  }

  private Path folder(Path folder) throws IOException {
    DurableFiles.createFolders(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Files.setOwner(folder, user());
    DurableFiles.forceFolder(folder);
    return folder;
  }

  private void own(Path file, byte[] content, String permissions) throws IOException {
    DurableFiles.write(file, content, permissions);
    Files.setOwner(file, user());
    DurableFiles.forceFile(file);
  }

  private UserPrincipal user() throws IOException {
    return Files.getOwner(paths.appliance());
  }

  /** Told first: that says to the next command that this one changed something. */
  private void serve(Deployment again)
      throws IOException, InterruptedException, InstallRefusedException {
    new SlotFiles(paths).tell(again);
    Supervisor.of(paths).arrange(again.release().version(), SettingsFile.require(paths));
    says.accept("start");
    new Service(paths, patience).start(again);
  }

  /** Everything as it was; what stands against that is reported beside the reason. */
  private List<InstallRefusal> goBack(Slots slots, Deployment refused, boolean ran)
      throws InterruptedException {
    says.accept("go back");
    var files = new SlotFiles(paths);
    try {
      new Service(paths, patience).stop();
      Supervisor.of(paths).closeListeners();
      new Swap(paths).putBack();
      Deployment before = refused.withGeneration(refused.generation() + 1);
      files.write(slots.tellAgain(before));
      if (ran) {
        serve(before);
      } else {
        files.tell(before);
        Supervisor.of(paths).arrange(before.release().version(), SettingsFile.require(paths));
      }
      return List.of();
    } catch (InstallRefusedException | IOException e) {
      return InstallRefusedException.refusals(e);
    }
  }

  /**
   * After an interruption: puts back what did not hold, and finishes what did. At boot nothing
   * runs, but the listeners may be those of the backup's settings.
   *
   * @param running the releases that run
   */
  PutBack settle(List<String> running) throws IOException, InterruptedException {
    var swap = new Swap(paths);
    if (!swap.isOpen()) {
      swap.finish();
      return PutBack.NOTHING;
    }
    boolean ran = swap.ran();
    says.accept("put back what an interrupted restore changed");
    for (String release : running) {
      new Service(paths, patience).stop(release);
    }
    Supervisor.of(paths).closeListeners();
    swap.putBack();
    return ran ? PutBack.RAN : PutBack.STOPPED;
  }
}
