package io.cloister.installer.activate;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.installer.InstallRefusal.CommandFailed;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.ApplianceProcess;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostNames;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.ServiceLog;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.host.Supervisor.Finished;
import io.cloister.installer.host.SystemdService;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Runs a release's own commands that make it ready for this machine. */
public record ReleaseSetup(HostPaths paths, Patience patience) {
  private static final Pattern TOKEN = Pattern.compile("clst_[A-Za-z0-9_-]+");
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final int CHARACTERS_SHOWN = 200;
  private static final int LOG_LINES = 8;

  /**
   * Has one start-up recorded, in place, and closes the release folder for writing; under systemd
   * it is recorded later. The archive is only speed: without it the release is slower to start, and
   * nothing else.
   *
   * @return why there is none and will be none; empty otherwise
   */
  public Optional<String> train(String release) throws IOException, InterruptedException {
    return switch (Supervisor.of(paths)) {
      case SystemdService systemd -> {
        Folders.makeReadOnly(paths.release(release));
        systemd.makeRoomForArchives(release);
        systemd.closeLog();
        yield Optional.empty();
      }
      case ApplianceProcess process -> trainNow(process, release);
    };
  }

  /** What it leaves lies with what is staged, and goes like that after an interruption. */
  private Optional<String> trainNow(ApplianceProcess process, String release)
      throws IOException, InterruptedException {
    DurableFiles.createFolders(paths.logs());
    Path log = paths.logs().resolve("train.log");
    Optional<Finished> finished;
    Folders.delete(paths.training());
    Files.createDirectories(paths.stagedReleases());
    Files.createDirectory(paths.training(), OWNER_ONLY);
    try {
      finished = process.train(release, paths.training(), log, patience.train());
    } finally {
      Folders.delete(paths.stagedReleases());
    }
    Folders.makeReadOnly(paths.release(release));
    return finished.isEmpty()
        ? Optional.of("took longer than " + patience.train().toSeconds() + " s")
        : finished.filter(f -> f.status() != 0).map(f -> "ended with status " + f.status());
  }

  /** Makes database, certificate and first token, as far as they are not there. */
  public Identity setup(String release)
      throws IOException, InterruptedException, InstallRefusedException {
    long logged = new ServiceLog(paths.log()).length();
    // Its own network, where it has one, is an empty one.
    String names = String.join(",", HostNames.ofThisHost());
    String last = lastLine(run(release, "setup", "--names", names).output());
    return findIdentity(last)
        .orElseThrow(
            () ->
                failed(
                    "setup",
                    "ended with status 0, but its last line is not JSON: " + shown(last),
                    logged));
  }

  /** Whether a release has data; a restore takes it, and an interrupted hand-over left none. */
  boolean hasData(String release) throws IOException {
    return Folders.list(paths.databases().resolve(release)).stream()
        .anyMatch(file -> !file.toString().endsWith(".new"));
  }

  /** Gives the data of a release that does not run to another one. */
  public void handOver(String release, String successor)
      throws IOException, InterruptedException, InstallRefusedException {
    run(release, "hand-over", "--to", successor);
  }

  private Finished run(String release, String... arguments)
      throws IOException, InterruptedException, InstallRefusedException {
    DurableFiles.createFolders(paths.logs());
    long logged = new ServiceLog(paths.log()).length();
    Optional<Finished> finished =
        Supervisor.of(paths).run(release, paths.log(), patience.setup(), arguments);
    String what = arguments[0];
    if (finished.isEmpty()) {
      throw failed(what, "took longer than " + patience.setup().toSeconds() + " s", logged);
    }
    if (finished.get().status() != 0) {
      throw failed(what, "ended with status " + finished.get().status(), logged);
    }
    return finished.get();
  }

  /** Whatever a library prints before it is not the answer. */
  private static String lastLine(String output) {
    return output.lines().filter(line -> !line.isBlank()).reduce("", (_, line) -> line).strip();
  }

  private static Optional<Identity> findIdentity(String line) {
    try {
      JsonNode said = StrictJson.parse(line.getBytes(StandardCharsets.UTF_8));
      return Optional.ofNullable(said.path("certificate_sha256").textValue())
          .map(sha256 -> new Identity(sha256, Optional.ofNullable(said.path("token").textValue())));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  /** For a person, and without the token: what is printed here is sent on. */
  private static String shown(String line) {
    String masked = TOKEN.matcher(line).replaceAll("clst_...");
    return masked.isEmpty()
        ? "nothing"
        : masked.substring(0, Math.min(CHARACTERS_SHOWN, masked.length()));
  }

  private InstallRefusedException failed(String command, String outcome, long logged) {
    List<String> log = new ServiceLog(paths.log()).lastLines(LOG_LINES, logged);
    return new InstallRefusedException(
        new CommandFailed("cloister-appliance " + command, outcome, log));
  }
}
