package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.BackupFile;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.SiteData;
import io.cloister.installer.backup.Backup;
import io.cloister.installer.backup.BackupTar;
import io.cloister.installer.backup.SealedFile;
import io.cloister.installer.console.Step;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.repo.ExitCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cloister backup}: what is the site's own, in one sealed file. */
@Command(
    name = "backup",
    sortOptions = false,
    description = {
      "Write what is this site's own into one new file, encrypted under a passphrase:",
      "tokens and settings, TLS key and certificate, policy. The service goes on meanwhile.",
      "Release and models are not in it: they come from the vendor's media."
    })
final class BackupCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(paramLabel = "FILE", description = "Must not be there yet.")
  private @Nullable Path file;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Its first line is the passphrase. Default: asked twice at the terminal.")
  private @Nullable Path passphrase;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", this::backup);
  }

  private ExitCode backup(Session session) throws Exception {
    Path place = Objects.requireNonNull(file).toAbsolutePath().normalize();
    var sealed = new SealedFile(place);
    if (sealed.exists()) {
      throw refused(place, "something is there already");
    }
    if (!Files.isDirectory(place.resolveSibling(""))) {
      throw refused(place, "its folder is not there");
    }
    session.installed();
    char[] secret = new Passphrase(session.console(), Optional.ofNullable(passphrase)).choose();
    Backup backup;
    try (HostLock _ = session.lock();
        Step step = session.console().step("backup")) {
      Deployment serving = session.settled().findServing().orElseThrow();
      step.doing("copy the data");
      backup =
          new SiteData(session.paths(), session.patience()).collect(serving, session.edge().now());
      step.doing("encrypt");
      write(sealed, backup, secret);
      step.done();
    }
    report(session, place, backup);
    return ExitCode.DONE;
  }

  private static void write(SealedFile sealed, Backup backup, char[] secret)
      throws IOException, InstallRefusedException {
    try {
      sealed.write(BackupTar.encode(backup), secret, new SecureRandom());
    } catch (FileAlreadyExistsException e) {
      throw refused(sealed.path(), "something is there already");
    }
  }

  private static InstallRefusedException refused(Path file, String fault) {
    return new InstallRefusedException(new BackupFile(file, fault));
  }

  private static void report(Session session, Path file, Backup backup) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file.toString());
    json.put("bytes", Files.size(file));
    json.put("release", backup.release().toString());
    json.put("made", backup.made().toString());
    session
        .console()
        .result(
            json,
            "backup: %s%nmade by release %s; without its passphrase nobody can open it"
                .formatted(file, backup.release()));
  }
}
