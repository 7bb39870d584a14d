package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.RepositorySetup;
import io.cloister.repo.publish.RoleStatus;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
      "KEY is a private key, a public key, or the PKCS#11 URI of a key on a token; repeat an option"
          + " for further keys.",
      "Where private root keys are too few, the root waits: role export, role sign, role import."
    })
final class InitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REPO", description = "The new repository's folder.")
  private Path repository = Path.of("");

  @Option(names = "--root", required = true, paramLabel = "KEY", description = "Signs root.")
  private List<String> root = List.of();

  @Option(names = "--targets", required = true, paramLabel = "KEY", description = "Signs targets.")
  private List<String> targets = List.of();

  @Option(
      names = "--snapshot",
      required = true,
      paramLabel = "KEY",
      description = "Signs snapshot.")
  private List<String> snapshot = List.of();

  @Option(
      names = "--timestamp",
      required = true,
      paramLabel = "KEY",
      description = "Signs timestamp.")
  private List<String> timestamp = List.of();

  @Option(
      names = "--threshold",
      paramLabel = "ROLE=N",
      description = "How many keys of a role must sign, e.g. root=2; all, where it is not given.")
  private Map<String, Integer> thresholds = Map.of();

  @Option(
      names = "--expires-days",
      paramLabel = "DAYS",
      defaultValue = "365",
      description = "How long signatures last (${DEFAULT-VALUE}); root lasts five times as long.")
  private int expiresDays;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it.
  private KeyOption keys;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  InitCommand() {}

  @Override
  public Integer call() throws RefusedException {
    if (expiresDays < 1 || expiresDays > Workspace.LIFETIME_DAYS_MAX) {
      throw new RefusedException(
          new BadArgument(
              "--expires-days " + expiresDays,
              "1 to %d days".formatted(Workspace.LIFETIME_DAYS_MAX)));
    }
    List<KeyOption.Half> rootHalves = keys.readHalves(root);
    Map<RoleType, List<Key>> byRole = new EnumMap<>(RoleType.class);
    byRole.put(RoleType.ROOT, rootHalves.stream().map(KeyOption.Half::key).toList());
    byRole.put(RoleType.TARGETS, keys.readPublic(targets));
    byRole.put(RoleType.SNAPSHOT, keys.readPublic(snapshot));
    byRole.put(RoleType.TIMESTAMP, keys.readPublic(timestamp));
    List<SigningKey> signers = rootHalves.stream().flatMap(each -> each.secret().stream()).toList();
    RepositorySetup setup = new RepositorySetup(byRole, thresholds(), Duration.ofDays(expiresDays));
    Workspace workspace;
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      workspace = Workspace.create(repository, setup, signers, time.now());
    }
    RoleStatus status = workspace.roles().getFirst();
    PrintWriter out = spec.commandLine().getOut();
    if (status.staged()) {
      StatusWords.print(List.of(status), out);
    } else {
      out.println(StatusWords.firstRoot(workspace.firstRoot()));
    }
    return 0;
  }

  private Map<RoleType, Integer> thresholds() throws RefusedException {
    Map<RoleType, Integer> byRole = new EnumMap<>(RoleType.class);
    for (Map.Entry<String, Integer> each : thresholds.entrySet()) {
      RoleType type =
          RoleType.find(each.getKey())
              .orElseThrow(
                  () ->
                      new RefusedException(
                          new UnknownRole(each.getKey(), Arrays.toString(RoleType.values()))));
      byRole.put(type, each.getValue());
    }
    return byRole;
  }
}
