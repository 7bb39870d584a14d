package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.publish.KeyFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes signing keys. */
@Command(
    name = "key",
    description = "Makes signing keys.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KeyCommand.Generate.class)
final class KeyCommand {

  KeyCommand() {}

  /** One new key. */
  @Command(
      name = "generate",
      description = "Writes a new Ed25519 key that only its owner may read, and prints its id.")
  static final class Generate implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Where; must not exist.")
    private Path file = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    Generate() {}

    @Override
    public Integer call() throws RefusedException {
      SigningKey key = SigningKey.generate(new SecureRandom());
      KeyFile.write(file, key);
      spec.commandLine().getOut().println(key.key().id());
      return 0;
    }
  }
}
