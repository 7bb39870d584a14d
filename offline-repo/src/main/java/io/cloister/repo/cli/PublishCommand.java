package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.media.Delta;
import io.cloister.repo.publish.BootstrapKey;
import io.cloister.repo.publish.KeyFile;
import io.cloister.repo.publish.Publication;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.publish.Published;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
  private static final int PARITY_PERCENT_MAX = 100;

  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "MEDIUM",
      description = {
        "A folder that is empty or does not exist; the volumes go into it.",
        "Of a single bundle, a file that does not exist."
      })
  private Path medium = Path.of("");

  @Option(
      names = "--bootstrap",
      paramLabel = "FILE",
      description = "The archive from which a new machine starts.")
  private Optional<Path> bootstrap = Optional.empty();

  @Option(
      names = "--bootstrap-key",
      paramLabel = "KEY",
      description =
          "Sign SHA256SUMS with it, for openssl: from 'key bootstrap'. One of each algorithm.")
  private List<Path> bootstrapKeys = List.of();

  @Option(
      names = "--bundle",
      description = "Write one tar, which a pipe or data diode can carry, instead of a folder.")
  private boolean bundle;

  @Option(
      names = "--volume-size",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description =
          "Split into volumes that stay below SIZE, e.g. 4GiB for files on FAT32, 4.7GB for a"
              + " DVD. Any volume can be read first.")
  private OptionalLong volumeSize = OptionalLong.empty();

  @Option(
      names = "--since",
      paramLabel = "RELEASE",
      description =
          "Leave out what machines with this release, e.g. 0.1.0, or this package, e.g."
              + " model-digits-1.0.0, have already. May be repeated.")
  private List<String> since = List.of();

  @Option(
      names = "--parity",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description =
          "Add so much parity, 1 to 100, from which chunks that cannot be read are made again."
              + " It is never less than the loss of one chunk needs.")
  private int parity;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it.
  private KeyOption keyOption;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the clock.
  private CheckTimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  PublishCommand() {}

  @Override
  public Integer call() throws RefusedException {
    if (parity < 0 || parity > PARITY_PERCENT_MAX) {
      throw new RefusedException(
          new BadArgument("--parity " + parity, "1 to %d per cent".formatted(PARITY_PERCENT_MAX)));
    }
    Publication publication = new Publication(Workspace.open(repository), time.now());
    var options =
        new PublishOptions(bootstrap, readBootstrapKeys(), bundle, volumeSize, since, parity);
    Published published = publication.publish(medium, options);
    PrintWriter out = spec.commandLine().getOut();
    published.delta().ifPresent(delta -> print(delta, out));
    String packages = "published %d packages".formatted(published.catalog().packages().size());
    published.paths().forEach(path -> out.printf("%s to %s%n", packages, path));
    return 0;
  }

  private List<BootstrapKey> readBootstrapKeys() throws RefusedException {
    List<BootstrapKey> keys = new ArrayList<>();
    for (Path file : bootstrapKeys) {
      BootstrapKey key = KeyFile.readBootstrap(file, keyOption.passphrases());
      if (keys.stream().anyMatch(other -> other.algorithm() == key.algorithm())) {
        throw new RefusedException(
            new BadArgument("--bootstrap-key " + file, "a second key of " + key.algorithm()));
      }
      keys.add(key);
    }
    return keys;
  }

  private static void print(Delta delta, PrintWriter out) {
    out.printf(
        "left out %d blobs, %d bytes, of %s%n",
        delta.blobs(), delta.bytes(), String.join(", ", delta.base().sequencedKeySet()));
  }
}
