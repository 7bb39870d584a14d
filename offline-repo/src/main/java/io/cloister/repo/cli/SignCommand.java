package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.RoleStatus;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
      "Signs what was added: targets, delegated roles, snapshot and timestamp, with the keys given;"
          + " and a root that waits for signatures.",
      "A version comes into force when enough of its keys have signed. For keys on another machine"
          + " see role."
    })
final class SignCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = "A file, or the PKCS#11 URI of a key on a token; may be repeated.")
  private List<String> keys = List.of();

  @Option(
      names = "--renew",
      description = "Sign unchanged roles but root again too, which puts off their expiry.")
  private boolean renew;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it.
  private KeyOption keyOption;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  SignCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Workspace workspace = Workspace.open(repository);
    Map<String, SigningKey> signers = keyOption.read(keys);
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      List<RoleStatus> before = workspace.roles();
      workspace.sign(signers, time.now(), renew);
      PrintWriter out = spec.commandLine().getOut();
      StatusWords.print(workspace.roles(), before, out);
      StatusWords.printUnsigned(workspace, out);
    }
    return 0;
  }
}
