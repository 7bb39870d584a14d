package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Stager;
import io.cloister.repo.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code cloister repair}: the host as {@code cloister.yaml} and the signed packages say. */
@Command(
    name = "repair",
    description = {
      "Prove what is installed again, and put right what was changed by hand: units, links,",
      "the service's user, and listeners after a change of cloister.yaml."
    })
final class RepairCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", RepairCommand::repair);
  }

  private static ExitCode repair(Session session) throws Exception {
    try (HostLock _ = session.lock()) {
      HostPaths paths = session.paths();
      Deployment serving = session.settled().findServing().orElseThrow();
      Map<String, Listener> listeners = SettingsFile.require(paths);
      String release = serving.release().version();
      prove(session, serving);
      Supervisor supervisor = Supervisor.of(paths);
      List<Path> changed = supervisor.findChanged(release, listeners);
      boolean running = session.service().running();
      if (!changed.isEmpty()) {
        restart(session, serving, () -> supervisor.prepare(release, listeners), running);
      }
      report(session, changed);
      return ExitCode.DONE;
    }
  }

  private static void prove(Session session, Deployment serving) throws Exception {
    try (Step step = session.console().step("hash again")) {
      Stager.verify(session.paths(), serving.release());
      for (InstalledPackage model : serving.models()) {
        Stager.verify(session.paths(), model);
      }
      step.done();
    }
  }

  @FunctionalInterface
  private interface Preparing {
    void prepare() throws Exception;
  }

  /** What listens is opened anew, where it should be now. */
  private static void restart(
      Session session, Deployment serving, Preparing preparing, boolean running) throws Exception {
    try (Step step = session.console().step("put right")) {
      session.service().stop();
      preparing.prepare();
      if (running) {
        session.service().start(serving);
      }
      step.done();
    }
  }

  private static void report(Session session, List<Path> changed) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode files = json.putArray("put_right");
    changed.forEach(file -> files.add(file.toString()));
    StringBuilder text = new StringBuilder();
    changed.forEach(file -> text.append("put right: ").append(file).append('\n'));
    session.console().result(json, changed.isEmpty() ? "nothing was changed by hand" : text + "");
  }
}
