package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.RoleName;
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

/** Splits targets. */
@Command(
    name = "delegate",
    description = {
      "Lets a role of its own vouch for some packages, e.g. runtime, models/vision or advisories.",
      "A package belongs to the first role with a pattern that matches its target path, else to"
          + " targets. For a role that is there already, sets its patterns; rotate sets its keys."
    })
final class DelegateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(index = "1", paramLabel = "ROLE", description = "Its name: a-z 0-9 . _ - * and /.")
  private String role = "";

  @Option(
      names = "--path",
      required = true,
      paramLabel = "PATTERN",
      description =
          "Of target paths, e.g. 'model-vision-*.json'; * stands for any characters but /. May be"
              + " repeated.")
  private List<String> patterns = List.of();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "A public key, or a private one; may be repeated.")
  private List<String> keys = List.of();

  @Option(
      names = "--threshold",
      paramLabel = "N",
      description = "How many of the keys must sign; all, where it is not given.")
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

  DelegateCommand() {}

  @Override
  public Integer call() throws RefusedException {
    RoleName name = RoleCommand.delegatedName(role);
    List<Key> publicKeys = keyOption.readPublic(keys);
    Workspace workspace = Workspace.open(repository);
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      TrustChange change = new TrustChange(workspace, time.now());
      checkKeys(change.isDelegated(name));
      PlanWords.apply(
          change.delegate(name, patterns, publicKeys, threshold),
          dryRun,
          spec.commandLine().getOut());
    }
    return 0;
  }

  private void checkKeys(boolean there) throws RefusedException {
    if (there != keys.isEmpty() || (there && threshold.isPresent())) {
      throw new RefusedException(
          new BadArgument(
              role,
              there
                  ? "the role is there; change its keys and threshold with rotate"
                  : "a new role needs --key"));
    }
  }
}
