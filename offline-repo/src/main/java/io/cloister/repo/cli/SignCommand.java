package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.publish.RoleStatus;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  @Spec private CommandSpec spec = CommandSpec.create();

  SignCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Workspace workspace = Workspace.open(repository);
    workspace.sign(KeyFiles.readByFile(keys), time.now(), renew);
    PrintWriter out = spec.commandLine().getOut();
    for (RoleStatus role : workspace.roles()) {
      out.printf(
          "%-9s  version %d, signatures %d of %d, expires %s%n",
          role.type(), role.version(), role.signatures(), role.threshold(), role.expires());
    }
    return 0;
  }
}
