package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.BackupDamaged;
import io.cloister.installer.InstallRefusal.BackupFile;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.Restoration;
import io.cloister.installer.backup.Backup;
import io.cloister.installer.backup.BackupTar;
import io.cloister.installer.backup.SealedFile;
import io.cloister.installer.console.Step;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.ExitCode;
import io.cloister.repo.metadata.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cloister restore}: a backup in the place of what the site has here. */
@Command(
    name = "restore",
    sortOptions = false,
    description = {
      "Put a backup in the place of what this site has here, and serve it.",
      "On a new machine: install first. What was here is put back when that does not become ready."
    })
final class RestoreCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(paramLabel = "FILE", description = "As cloister backup wrote it.")
  private @Nullable Path file;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "Its first line is the passphrase. Default: asked at the terminal.")
  private @Nullable Path passphrase;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", this::restore);
  }

  private ExitCode restore(Session session) throws Exception {
    Path place = Objects.requireNonNull(file).toAbsolutePath().normalize();
    if (!Files.isRegularFile(place)) {
      throw new InstallRefusedException(new BackupFile(place, "no such file"));
    }
    session.installed();
    var secret = new Passphrase(session.console(), Optional.ofNullable(passphrase));
    Backup backup = open(place, secret.find());
    session.say("backup of %s, made by release %s".formatted(backup.made(), backup.release()));
    Deployment serving;
    try (HostLock _ = session.lock()) {
      Slots slots = session.settled();
      try (Step step = session.console().step("restore")) {
        var restoration = new Restoration(session.paths(), session.patience(), step::doing);
        restoration.check(slots, backup);
        serving = restoration.apply(slots, backup, session.edge().now());
        step.done();
      }
    }
    report(session, backup, serving);
    return ExitCode.DONE;
  }

  /** All of it is proven before anything is done with it. */
  private static Backup open(Path file, char[] secret) throws IOException, InstallRefusedException {
    try {
      return BackupTar.parse(new SealedFile(file).read(secret));
    } catch (JsonException e) {
      throw new InstallRefusedException(new BackupDamaged(file, String.valueOf(e.getMessage())));
    }
  }

  private static void report(Session session, Backup backup, Deployment serving)
      throws InstallRefusedException {
    JsonNode tokens =
        session.service().token(serving, "token_list", JsonNodeFactory.instance.objectNode());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("made", backup.made().toString());
    json.put("made_by_release", backup.release().toString());
    json.put("release", serving.release().version());
    json.set("tokens", tokens.path("tokens"));
    var text = new StringBuilder();
    text.append(
        "release %s serves with the data of %s; these tokens are valid now:"
            .formatted(serving.release().version(), backup.made()));
    for (JsonNode token : tokens.path("tokens")) {
      text.append(
          "\n  %s  %s, made %s"
              .formatted(
                  token.path("name").asText(),
                  token.path("role").asText(),
                  TokenCommand.second(token.path("made_at"))));
    }
    text.append(
        "\none that was revoked on another machine since then is valid again; to end it: %s token revoke NAME"
            .formatted(session.cloister()));
    session.console().result(json, text.toString());
  }
}
