package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Graphs;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.Workspace;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds a package. */
@Command(name = "add", description = "Packs a folder into a repository. Nothing is signed yet.")
final class AddCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
  private Path repository = Path.of("");

  @Parameters(index = "1", paramLabel = "FOLDER", description = "The package's files.")
  private Path folder = Path.of("");

  @Option(
      names = "--kind",
      required = true,
      paramLabel = "KIND",
      description = "runtime, model, advisories or collection-request.")
  private String kind = "";

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "The model's name, or the runtime's platform, e.g. linux-x64.")
  private String name = "";

  @Option(names = "--version", required = true, paramLabel = "VERSION", description = "E.g. 1.2.0.")
  private String version = "";

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  AddCommand() {}

  @Override
  public Integer call() throws RefusedException {
    PackageManifest manifest;
    PackageId id = id();
    Workspace workspace = Workspace.open(repository);
    if (id.kind() == Kind.MODEL) {
      Graphs.check(folder);
    }
    try (RepositoryLock _ = RepositoryLock.take(repository)) {
      manifest = workspace.add(folder, id, time.now());
    }
    spec.commandLine()
        .getOut()
        .printf(
            "added %s: %d files, %d bytes, manifest sha256:%s%n",
            manifest.id(),
            manifest.files().size(),
            manifest.length(),
            Sha256.of(manifest.encode()));
    return 0;
  }

  private PackageId id() throws RefusedException {
    try {
      return new PackageId(Kind.parse(kind), name, Version.parse(version));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          new BadArgument(
              "--kind %s --name %s --version %s".formatted(kind, name, version),
              String.valueOf(e.getMessage())));
    }
  }
}
