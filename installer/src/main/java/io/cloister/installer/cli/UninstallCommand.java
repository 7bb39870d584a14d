package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.Stopped;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.Recovery;
import io.cloister.installer.activate.Uninstall;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.stage.PausedSet;
import io.cloister.repo.ExitCode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code cloister uninstall}: stops the service and leaves nothing of ours. */
@Command(name = "uninstall", description = "Stop the service and take everything away.")
final class UninstallCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Option(
      names = "--keep-data",
      description = "Keep the appliance's own data: its database, certificate and tokens.")
  private boolean keepData;

  @Option(
      names = "--yes",
      description = "Do not ask. A script, which is not at a terminal, is not asked anyway.")
  private boolean yes;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", this::uninstall);
  }

  private ExitCode uninstall(Session session) throws Exception {
    if (!yes && session.console().hasPerson()) {
      askLeave(session);
    }
    // Made before anything goes: this very program may be among what is deleted.
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("kept_data", keepData);
    String taken = "uninstalled what an interrupted command left below " + session.paths().root();
    String text =
        keepData
            ? "uninstalled; the appliance's own data is in " + session.paths().appliance()
            : "uninstalled; nothing of Cloister is left below " + session.paths().root();
    var recovery = new Recovery(session.paths(), session.patience(), session::say);
    new PausedSet(session.paths()).forget();
    if (recovery.finishFirstInstall()) {
      session.console().result(json.put("kept_data", false), taken);
      return ExitCode.DONE;
    }
    try (HostLock _ = session.lock()) {
      new Uninstall(session.paths(), session.patience()).apply(keepData);
    }
    session.console().result(json, text);
    return ExitCode.DONE;
  }

  private void askLeave(Session session) throws IOException, InstallRefusedException {
    Optional<Deployment> serving = new SlotFiles(session.paths()).read().findServing();
    if (serving.isEmpty()) {
      return;
    }
    session.say("This takes away, below %s:".formatted(session.paths().root()));
    session.say("  release   " + serving.get().release().version());
    serving.get().models().forEach(m -> session.say("  model     " + m.name() + " " + m.version()));
    session.say(
        keepData
            ? "  data      is kept, in " + session.paths().appliance()
            : "  data      users, tokens, certificate, audit trail; --keep-data keeps them");
    String answer = session.console().ask("Type yes to go on:").orElse("");
    if (!answer.strip().equalsIgnoreCase("yes")) {
      throw new InstallRefusedException(new Stopped());
    }
  }
}
