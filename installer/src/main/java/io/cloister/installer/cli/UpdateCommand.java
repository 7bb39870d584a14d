package io.cloister.installer.cli;

import io.cloister.installer.activate.Change;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.preflight.Need;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.Stager;
import io.cloister.repo.ExitCode;
import java.nio.file.Path;
import java.util.List;
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
      arity = "1..*",
      description = {
        "A folder or a bundle; of a volume set any volumes, or the folder that holds them.",
        "A - reads a bundle from the standard input."
      })
  private List<Path> media = List.of();

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    List<Path> paths = Media.paths(media);
    return Media.parent(cloister).perform(Media.words(paths), session -> update(session, paths));
  }

  private ExitCode update(Session session, List<Path> media) throws Exception {
    try (HostLock _ = session.lock()) {
      Slots slots = session.settled();
      Need service = Need.ofService(Map.of(), true);
      try (Source source = Findings.open(session, media, Optional.empty(), service)) {
        return update(session, slots, source);
      }
    }
  }

  private ExitCode update(Session session, Slots slots, Source source) throws Exception {
    HostPaths paths = session.paths();
    Planned planned = Planned.make(session, source, slots);
    planned.check(session, source, Map.of());
    if (!dryRun && planned.plan().isEmpty()) {
      // Revoked keys and newer signatures come on media with nothing else that is new, too.
      source.verify(session);
      source.client().persist();
    }
    if (dryRun) {
      planned.requireBase(source);
    }
    if (dryRun || planned.plan().isEmpty()) {
      session.console().result(planned.json(), planned.text());
      return ExitCode.DONE;
    }
    InstallPlan plan = planned.plan().get();
    try (Interruption _ = Interruption.before(session, "recover");
        Step step = session.console().step("update", plan.bytes())) {
      var progress = new ReadProgress(step);
      var stager = new Stager(paths, source.reader(), progress);
      new Change(paths, session.patience(), step::doing)
          .update(slots, plan, stager, source.client());
      step.done();
      progress.warn(session);
    }
    Deployment before = slots.findServing().orElseThrow();
    String offer =
        Tuned.offer(
            session.cloister(),
            before.models(),
            plan.deployment(),
            session.service().findStatus(plan.deployment()));
    Changed.report(session, plan.slot(), before, plan.deployment(), offer);
    return ExitCode.DONE;
  }
}
