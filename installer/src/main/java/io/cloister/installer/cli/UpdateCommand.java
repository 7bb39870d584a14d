package io.cloister.installer.cli;

import io.cloister.installer.activate.Change;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.Stager;
import io.cloister.repo.ExitCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cloister update}: what is newer on a medium, into the inactive slot, and active. */
@Command(
    name = "update",
    description = "Bring in what is newer on a medium; what does not hold is taken back.")
final class UpdateCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(
      paramLabel = "MEDIA",
      description = "A folder, or a bundle; - reads a bundle from the standard input.")
  private @Nullable Path medium;

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Path path = Media.path(medium);
    return Media.parent(cloister).perform(path.toString(), session -> update(session, path));
  }

  private ExitCode update(Session session, Path path) throws Exception {
    try (HostLock _ = session.lock()) {
      Slots slots = session.settled();
      try (Source source = Source.open(session, path, Optional.empty())) {
        return update(session, slots, source);
      }
    }
  }

  private ExitCode update(Session session, Slots slots, Source source) throws Exception {
    HostPaths paths = session.paths();
    Planned planned = Planned.make(session, source, slots);
    planned.check(session, source, Map.of());
    if (dryRun || planned.plan().isEmpty()) {
      session.console().result(planned.json(), planned.text());
      return ExitCode.DONE;
    }
    InstallPlan plan = planned.plan().get();
    try (Step step = session.console().step("update", plan.bytes())) {
      var stager = new Stager(paths, source.reader(), step::advance);
      new Change(paths, session.patience(), step::doing)
          .update(slots, plan, stager, source.client());
      step.done();
    }
    Changed.report(session, plan.slot(), slots.findServing().orElseThrow(), plan.deployment());
    return ExitCode.DONE;
  }
}
