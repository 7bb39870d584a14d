package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.Supervisor.Stopped;
import io.cloister.installer.slot.HostLock;
import io.cloister.repo.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code cloister stop}: lets the service finish what it is answering, then ends it. */
@Command(name = "stop", description = "Let the service finish what it is answering, and end it.")
final class StopCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", StopCommand::stop);
  }

  private static ExitCode stop(Session session) throws Exception {
    try (HostLock _ = session.lock();
        Step step = session.console().step("stop")) {
      Stopped stopped = session.service().stop();
      step.done();
      session
          .console()
          .result(
              JsonNodeFactory.instance.objectNode().put("stopped", word(stopped)),
              switch (stopped) {
                case NOT_RUNNING -> "the service was not running";
                case DRAINED -> "the service finished what it was answering, and ended";
                case KILLED -> "the service did not end in time, and was killed";
              });
      return ExitCode.DONE;
    }
  }

  private static String word(Stopped stopped) {
    return stopped.name().toLowerCase(java.util.Locale.ROOT);
  }
}
