package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.publish.Publication;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.publish.Workspace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes media. */
@Command(
    name = "publish",
    description = "Checks a repository as a customer would, then writes it to a medium.")
final class PublishCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "MEDIUM",
      description = "A folder that is empty or does not exist; with --bundle a new file.")
  private Path medium = Path.of("");

  @Option(
      names = "--bootstrap",
      paramLabel = "FILE",
      description = "The archive from which a new machine starts.")
  private Optional<Path> bootstrap = Optional.empty();

  @Option(
      names = "--bundle",
      description = "Write one tar, which a pipe or data diode can carry, instead of a folder.")
  private boolean bundle;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  PublishCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Publication publication = new Publication(Workspace.open(repository), time.now());
    Catalog catalog = publication.publish(medium, new PublishOptions(bootstrap, bundle));
    spec.commandLine()
        .getOut()
        .printf("published %d packages to %s%n", catalog.packages().size(), medium);
    return 0;
  }
}
