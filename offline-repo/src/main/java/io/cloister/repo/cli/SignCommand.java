package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.publish.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs. */
@Command(
    name = "sign",
    description = {
      "Signs what was added: targets, snapshot and timestamp, with the keys given.",
      "Keys may be on different machines: sign on each in turn, targets first."
    })
final class SignCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Option(names = "--key", required = true, paramLabel = "KEY", description = "May be repeated.")
  private List<Path> keys = List.of();

  @Option(
      names = "--renew",
      description = "Sign unchanged roles again too, which puts off their expiry.")
  private boolean renew;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  SignCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Workspace.open(repository).sign(KeyFiles.read(keys), time.now(), renew);
    return 0;
  }
}
