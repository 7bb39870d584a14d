package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.Busy;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.Recovery;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.Footprint;
import io.cloister.repo.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code cloister recover}: what every changing command does first, at boot before the service. */
@Command(
    name = "recover",
    sortOptions = false,
    description = "Bring this machine to rest after a command that was interrupted.")
final class RecoverCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @ArgGroup private @Nullable Occasion occasion;

  /** Those of systemd's units. */
  private static final class Occasion {
    @Option(names = "--start", description = "Then start the release in service: cloister.service.")
    private boolean start;

    @Option(
        names = "--failed",
        description = "Go back from a release that ended within its probation.")
    private boolean failed;

    @Option(names = "--held", description = "End the probation of the release in service.")
    private boolean held;
  }

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", this::recover);
  }

  private ExitCode recover(Session session) throws Exception {
    HostPaths paths = session.paths();
    if (occasion != null
        && Footprint.findBegun(paths).isPresent()
        && new SlotFiles(paths).read().active().isEmpty()) {
      session.say("an install was interrupted here: the next command takes away what it left");
      return ExitCode.DONE;
    }
    try (HostLock _ = session.lock()) {
      var recovery = new Recovery(paths, session.patience(), session::say);
      // cloister.service, which this may be, has the release started once it has ended.
      Slots slots = recovery.settle(occasion == null || !occasion.start);
      if (occasion != null && (occasion.failed || occasion.held)) {
        Optional<String> reason = recovery.giveUp(slots);
        reason.ifPresent(why -> session.say("went back: " + why));
        if (occasion.held && reason.isEmpty()) {
          recovery.endProbation(slots);
        } else if (occasion.failed) {
          recovery.startServing();
        }
      } else if (occasion != null && occasion.start) {
        Supervisor.of(paths)
            .enqueue(
                slots.findServing().orElseThrow().release().version(),
                slots.isOnProbation(slots.active().orElseThrow()));
      }
      report(session, new SlotFiles(paths).read());
      return ExitCode.DONE;
    } catch (InstallRefusedException e) {
      // Nobody else starts the release, goes back, or ends the probation: the unit tries again.
      boolean start = occasion != null && occasion.start && session.service().running();
      if (start && e.refusals().stream().anyMatch(Busy.class::isInstance)) {
        session.say("another cloister command is at work here, and leaves this machine at rest");
        return ExitCode.DONE;
      }
      throw e;
    }
  }

  private static void report(Session session, Slots slots) {
    Deployment serving = slots.findServing().orElseThrow();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("release", serving.release().version());
    json.put("generation", serving.generation());
    session.console().result(json, "at rest: " + serving.words());
  }
}
