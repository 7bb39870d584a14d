package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Step;
import io.cloister.installer.preflight.Need;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.repo.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code cloister start}: runs the service and waits until it is ready. */
@Command(name = "start", description = "Start the service, and wait until it is ready.")
final class StartCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", StartCommand::start);
  }

  private static ExitCode start(Session session) throws Exception {
    try (HostLock _ = session.lock()) {
      Deployment deployment = session.settled().findServing().orElseThrow();
      boolean running = session.service().running(deployment);
      if (!running) {
        refuseUnfit(session);
        try (Step step = session.console().step("start")) {
          session.service().start(deployment);
          step.done();
        }
      }
      session
          .console()
          .result(
              JsonNodeFactory.instance.objectNode().put("running", true).put("started", !running),
              "release %s %s"
                  .formatted(deployment.release().version(), running ? "runs already" : "serves"));
      return ExitCode.DONE;
    }
  }

  /** Settings that cannot be read are the appliance's to refuse: it knows all of them. */
  private static void refuseUnfit(Session session) throws IOException, InstallRefusedException {
    var listeners =
        SettingsFile.find(session.paths()).map(SettingsFile::listeners).orElse(Map.of());
    Findings.look(session, Need.ofService(listeners, false)).refuse(List.of());
  }
}
