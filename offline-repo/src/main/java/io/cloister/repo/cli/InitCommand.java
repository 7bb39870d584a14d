package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a repository. */
@Command(
    name = "init",
    description = {
      "Makes a repository and prints the digest of its first root, which customers need.",
      "Where a role is given several keys, every one of them must sign."
    })
final class InitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REPO", description = "The new repository's folder.")
  private Path repository = Path.of("");

  @Option(names = "--root", required = true, paramLabel = "KEY", description = "Signs root.")
  private List<Path> root = List.of();

  @Option(names = "--targets", required = true, paramLabel = "KEY", description = "Signs targets.")
  private List<Path> targets = List.of();

  @Option(
      names = "--snapshot",
      required = true,
      paramLabel = "KEY",
      description = "Signs snapshot.")
  private List<Path> snapshot = List.of();

  @Option(
      names = "--timestamp",
      required = true,
      paramLabel = "KEY",
      description = "Signs timestamp.")
  private List<Path> timestamp = List.of();

  @Option(
      names = "--expires-days",
      paramLabel = "DAYS",
      defaultValue = "365",
      description = "How long signatures last (${DEFAULT-VALUE}); root lasts five times as long.")
  private int expiresDays;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  InitCommand() {}

  @Override
  public Integer call() throws RefusedException, IOException {
    Map<RoleType, List<SigningKey>> keys = new EnumMap<>(RoleType.class);
    keys.put(RoleType.ROOT, KeyFiles.read(root));
    keys.put(RoleType.TARGETS, KeyFiles.read(targets));
    keys.put(RoleType.SNAPSHOT, KeyFiles.read(snapshot));
    keys.put(RoleType.TIMESTAMP, KeyFiles.read(timestamp));
    Workspace.create(repository, keys, Duration.ofDays(expiresDays), time.now());
    Path first = repository.resolve("metadata/1.root.json");
    spec.commandLine().getOut().println("sha256:" + Sha256.of(Files.readAllBytes(first)));
    return 0;
  }
}
