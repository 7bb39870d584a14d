package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.keys.KeyKind;
import io.cloister.repo.keys.PublicKeys;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.publish.KeyFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes signing keys. */
@Command(
    name = "key",
    description = "Makes signing keys.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeyCommand.Generate.class, KeyCommand.Public.class, BootstrapKeyCommand.class})
final class KeyCommand {

  KeyCommand() {}

  /** New keys, one for each file. */
  @Command(
      name = "generate",
      description = "Writes new keys that only their owner may read, and prints their ids.")
  static final class Generate implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Where; must not exist.")
    private List<Path> files = List.of();

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        defaultValue = "ed25519",
        description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private KeyKind kind = KeyKind.ED25519;

    @Mixin
    @SuppressWarnings("NullAway.Init") // Picocli makes it.
    private NewPassphrase newPassphrase;

    @Spec private CommandSpec spec = CommandSpec.create();

    Generate() {}

    @Override
    public Integer call() throws RefusedException {
      for (Path file : files) {
        // The value first: a script takes the first word of a line.
        spec.commandLine().getOut().println(generate(file).key().id() + "  key id of " + file);
      }
      return 0;
    }

    private SigningKey generate(Path file) throws RefusedException {
      Optional<char[]> passphrase = newPassphrase.find(file);
      SigningKey key = SigningKey.generate(kind, new SecureRandom());
      if (passphrase.isPresent()) {
        KeyFile.write(file, key, passphrase.get());
      } else {
        KeyFile.write(file, key);
      }
      return key;
    }
  }

  /** The half that may travel. */
  @Command(name = "public", description = "Prints the public half of a key, in PEM.")
  static final class Public implements Callable<Integer> {
    @Parameters(paramLabel = "KEY", description = "A file, or the PKCS#11 URI of a key on a token.")
    private String source = "";

    @Mixin
    @SuppressWarnings("NullAway.Init") // Picocli makes it.
    private KeyOption keys;

    @Spec private CommandSpec spec = CommandSpec.create();

    Public() {}

    @Override
    public Integer call() throws RefusedException {
      spec.commandLine().getOut().print(PublicKeys.encodePem(keys.read(source).key()));
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
