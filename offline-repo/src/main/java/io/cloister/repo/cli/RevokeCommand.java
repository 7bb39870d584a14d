package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.TrustChange;
import io.cloister.repo.publish.Workspace;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A key that was lost or stolen. */
@Command(
    name = "revoke",
    description = {
      "Takes a key out of every role that has it, and shows what must be signed by whom.",
      "Refused where a role could not be signed any more: then rotate that role first."
    })
final class RevokeCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "KEYID",
      description = "The key's id, or 8 digits or more of its beginning.")
  private String keyId = "";

  @Option(names = "--dry-run", description = "Only show what would change.")
  private boolean dryRun;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  RevokeCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Workspace workspace = Workspace.open(repository);
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      TrustChange change = new TrustChange(workspace, time.now());
      PlanWords.apply(change.revoke(keyId), dryRun, spec.commandLine().getOut());
    }
    return 0;
  }
}
