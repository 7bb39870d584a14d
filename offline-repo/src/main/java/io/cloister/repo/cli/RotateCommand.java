package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.publish.KeyChange;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.TrustChange;
import io.cloister.repo.publish.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Other keys for a role. */
@Command(
    name = "rotate",
    description = {
      "Gives a role other keys or another threshold, and shows what must be signed by whom.",
      "The new root waits until the keys of the old one and its own have signed it."
    })
final class RotateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "ROLE",
      description = "root, targets, snapshot, timestamp or a delegated role.")
  private String role = "";

  @Option(
      names = "--remove",
      paramLabel = "KEYID",
      description = "A key's id, or 8 digits or more of its beginning; may be repeated.")
  private List<String> remove = List.of();

  @Option(
      names = "--add",
      paramLabel = "KEY",
      description = "A public key, or a private one; may be repeated.")
  private List<String> add = List.of();

  @Option(names = "--threshold", paramLabel = "N", description = "How many keys must sign.")
  private Optional<Integer> threshold = Optional.empty();

  @Option(names = "--dry-run", description = "Only show what would change.")
  private boolean dryRun;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it.
  private KeyOption keyOption;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  RotateCommand() {}

  @Override
  public Integer call() throws RefusedException {
    if (remove.isEmpty() && add.isEmpty() && threshold.isEmpty()) {
      throw new RefusedException(
          new BadArgument(role, "nothing to change: --remove, --add or --threshold"));
    }
    KeyChange change = new KeyChange(remove, keyOption.readPublic(add), threshold);
    Workspace workspace = Workspace.open(repository);
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      PlanWords.apply(
          new TrustChange(workspace, time.now()).rotate(RoleCommand.name(role), change),
          dryRun,
          spec.commandLine().getOut());
    }
    return 0;
  }
}
