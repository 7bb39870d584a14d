package io.cloister.installer.cli;

import io.cloister.installer.activate.Change;
import io.cloister.installer.console.Step;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code cloister rollback}: the other slot serves again. */
@Command(name = "rollback", description = "Go back to what served before the last update.")
final class RollbackCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", RollbackCommand::rollback);
  }

  private static ExitCode rollback(Session session) throws Exception {
    try (HostLock _ = session.lock()) {
      Slots slots = session.settled();
      Deployment serving;
      try (Step step = session.console().step("rollback")) {
        serving = new Change(session.paths(), session.patience(), step::doing).rollback(slots);
        step.done();
      }
      Changed.report(session, slots.inactive(), slots.findServing().orElseThrow(), serving, "");
      return ExitCode.DONE;
    }
  }
}
