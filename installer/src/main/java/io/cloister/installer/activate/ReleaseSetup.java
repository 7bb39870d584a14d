package io.cloister.installer.activate;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.installer.InstallRefusal.CommandFailed;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.ApplianceProcess;
import io.cloister.installer.host.ApplianceProcess.Finished;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs a release's own commands that make it ready for this machine. */
public record ReleaseSetup(HostPaths paths, Patience patience) {

  /**
   * Records one start-up, in place, and closes the release folder for writing. The archive is only
   * speed: without it the release is slower to start, and nothing else.
   *
   * @return why there is no archive; empty when there is one
   */
  public Optional<String> train(Path release) throws IOException, InterruptedException {
    DurableFiles.createFolders(paths.logs());
    Path log = paths.logs().resolve("train.log");
    Optional<Finished> finished =
        new ApplianceProcess(paths).run(release, log, patience.train(), "train");
    Folders.makeReadOnly(release);
    return finished.isEmpty()
        ? Optional.of("took longer than " + patience.train().toSeconds() + " s")
        : finished.filter(f -> f.status() != 0).map(f -> "ended with status " + f.status());
  }

  /** Makes database, certificate and first token, as far as they are not there. */
  public Identity setup(Path release)
      throws IOException, InterruptedException, InstallRefusedException {
    DurableFiles.createFolders(paths.logs());
    var process = new ApplianceProcess(paths);
    Optional<Finished> finished =
        process.run(
            release, paths.log(), patience.setup(), "setup", "--root", paths.root().toString());
    if (finished.isEmpty()) {
      throw failed("took longer than " + patience.setup().toSeconds() + " s", process);
    }
    if (finished.get().status() != 0) {
      throw failed("ended with status " + finished.get().status(), process);
    }
    try {
      JsonNode said =
          StrictJson.parse(finished.get().output().strip().getBytes(StandardCharsets.UTF_8));
      return new Identity(
          said.path("certificate_sha256").asText(),
          Optional.ofNullable(said.path("token").textValue()));
    } catch (JsonException e) {
      throw failed("did not say what it made", process);
    }
  }

  private static InstallRefusedException failed(String outcome, ApplianceProcess process) {
    List<String> log = process.lastLogLines(5);
    return new InstallRefusedException(new CommandFailed("cloister-appliance setup", outcome, log));
  }
}
