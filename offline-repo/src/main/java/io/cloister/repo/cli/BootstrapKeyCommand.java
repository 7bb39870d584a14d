package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.publish.BootstrapAlgorithm;
import io.cloister.repo.publish.BootstrapKey;
import io.cloister.repo.publish.KeyFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cloister-repo key bootstrap}: for what is checked before anything of ours runs. */
@Command(
    name = "bootstrap",
    description = {
      "Writes a key and its certificate, with which 'publish' signs SHA256SUMS for openssl.",
      "Prints the certificate's SHA-256 fingerprint, which belongs in the letter to customers."
    })
final class BootstrapKeyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Where; must not exist.")
  private Path file = Path.of("");

  @Option(
      names = "--vendor",
      required = true,
      paramLabel = "NAME",
      description = "Who signs; stands in the certificate.")
  private String vendor = "";

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = "P384",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private BootstrapAlgorithm algorithm = BootstrapAlgorithm.P384;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it.
  private NewPassphrase newPassphrase;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  BootstrapKeyCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Optional<char[]> passphrase = newPassphrase.find(file);
    BootstrapKey key = BootstrapKey.generate(algorithm, vendor, time.now(), new SecureRandom());
    KeyFile.write(file, key, passphrase);
    spec.commandLine()
        .getOut()
        .println(key.fingerprint() + "  sha256 fingerprint of its certificate, for your letter");
    return 0;
  }
}
