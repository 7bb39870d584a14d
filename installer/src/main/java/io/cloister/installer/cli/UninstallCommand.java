package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.activate.Recovery;
import io.cloister.installer.activate.Uninstall;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.stage.PausedSet;
import io.cloister.repo.ExitCode;
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

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", this::uninstall);
  }

  private ExitCode uninstall(Session session) throws Exception {
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
}
