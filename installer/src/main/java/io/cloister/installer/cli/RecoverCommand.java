package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.repo.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code cloister recover}: what every changing command does first, at boot before the service. */
@Command(
    name = "recover",
    description = "Bring this machine to rest after a command that was interrupted.")
final class RecoverCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", RecoverCommand::recover);
  }

  private static ExitCode recover(Session session) throws Exception {
    try (HostLock _ = session.lock()) {
      Deployment serving = session.settled().findServing().orElseThrow();
      session
          .console()
          .result(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("release", serving.release().version())
                  .put("generation", serving.generation()),
              "at rest: " + serving.words());
      return ExitCode.DONE;
    }
  }
}
