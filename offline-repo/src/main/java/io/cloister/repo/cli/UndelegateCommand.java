package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.TrustChange;
import io.cloister.repo.publish.TrustPlan;
import io.cloister.repo.publish.Workspace;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a delegation back. */
@Command(
    name = "undelegate",
    description = {
      "Takes back what delegate gave, and shows what must be signed by whom.",
      "The role's packages fall to the next role with a pattern that matches, else to targets."
    })
final class UndelegateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(index = "1", paramLabel = "ROLE", description = "Its name.")
  private String role = "";

  @Option(names = "--dry-run", description = "Only show what would change.")
  private boolean dryRun;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  UndelegateCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Workspace workspace = Workspace.open(repository);
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      TrustChange change = new TrustChange(workspace, time.now());
      TrustPlan plan = change.undelegate(RoleCommand.delegatedName(role));
      PlanWords.apply(plan, dryRun, spec.commandLine().getOut());
    }
    return 0;
  }
}
