package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.BadRoleFile;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.publish.Authority;
import io.cloister.repo.publish.RepositoryLock;
import io.cloister.repo.publish.RoleExchange;
import io.cloister.repo.publish.RoleFile;
import io.cloister.repo.publish.RoleName;
import io.cloister.repo.publish.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signs where the keys are, which need not be where the repository is. */
@Command(
    name = "role",
    description = "Signs on another machine: export there, sign, import here.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RoleCommand.Export.class, RoleCommand.Sign.class, RoleCommand.Import.class})
final class RoleCommand {

  RoleCommand() {}

  static RoleName name(String text) throws RefusedException {
    try {
      return new RoleName(text);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(new BadArgument(text, String.valueOf(e.getMessage())));
    }
  }

  static RoleName delegatedName(String text) throws RefusedException {
    RoleName name = name(text);
    if (name.topLevel().isPresent()) {
      throw new RefusedException(new BadArgument(text, "a top-level role is not delegated"));
    }
    return name;
  }

  private static RoleFile readFile(Path file) throws RefusedException {
    try {
      if (Files.size(file) > 3L * RoleType.TARGETS.bytesMax()) {
        throw new RefusedException(new BadRoleFile(file.toString(), "too long"));
      }
      return RoleFile.parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new RefusedException(new FileFault(file.toString(), e.toString()));
    }
  }

  private static void create(Path file, RoleFile role) throws RefusedException {
    try {
      DurableFiles.create(file, role.encode(), "rw-r--r--");
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException(new WouldOverwrite(file.toString(), "a file"));
    } catch (IOException e) {
      throw new RefusedException(new FileFault(file.toString(), e.toString()));
    }
  }

  private static void replace(Path file, RoleFile role) throws RefusedException {
    Path beside = DurableFiles.temporary(file);
    if (Files.exists(beside, LinkOption.NOFOLLOW_LINKS)) {
      throw new RefusedException(new WouldOverwrite(beside.toString(), "a file"));
    }
    try {
      DurableFiles.write(file, role.encode());
    } catch (IOException e) {
      throw new RefusedException(new FileFault(file.toString(), e.toString()));
    }
  }

  /** What is signed, what changes by it, and how many signatures it has. */
  private static void print(RoleFile file, PrintWriter out) throws RefusedException {
    out.printf(
        "%s version %d, made %s, %s%n",
        file.role(),
        file.next().version(),
        file.next().role().common().signedAt().map(Object::toString).orElse("at no stated time"),
        file.previous().map(each -> "compared with version " + each.version()).orElse("the first"));
    ChangeWords.print(file.changes(), out);
    for (Authority.Demand demand : file.authority().demands()) {
      out.println(demandLine(demand, file));
    }
  }

  private static String demandLine(Authority.Demand demand, RoleFile file) {
    return "signatures %d of %d by the keys of %s"
        .formatted(
            demand.count(file.next()).keyIds().size(),
            demand.role().threshold(),
            demand.statedBy());
  }

  /** Out. */
  @Command(
      name = "export",
      description = "Writes a role's next version to a file, for those who must sign it.")
  static final class Export implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
    private Path repository = Path.of("");

    @Parameters(
        index = "1",
        paramLabel = "ROLE",
        description = "root, targets, snapshot, timestamp or a delegated role.")
    private String role = "";

    @Parameters(index = "2", paramLabel = "FILE", description = "Where; must not exist.")
    private Path file = Path.of("");

    @Option(
        names = "--renew",
        description = "Make a next version of an unchanged role too, which puts off its expiry.")
    private boolean renew;

    @Mixin
    @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
    private TimeOption time;

    @Spec private CommandSpec spec = CommandSpec.create();

    Export() {}

    @Override
    public Integer call() throws RefusedException {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new RefusedException(new WouldOverwrite(file.toString(), "a file"));
      }
      Workspace workspace = Workspace.open(repository);
      RoleFile out;
      try (RepositoryLock _ = RepositoryLock.take(repository)) {
        out = new RoleExchange(workspace, time.now()).exportRole(name(role), renew);
      }
      create(file, out);
      print(out, spec.commandLine().getOut());
      return 0;
    }
  }

  /** Needs no repository. */
  @Command(
      name = "sign",
      description = {
        "Shows what a file from role export says, and adds signatures to it.",
        "Needs no repository and no network."
      })
  static final class Sign implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "From role export; is changed.")
    private Path file = Path.of("");

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description =
            "A file, or the PKCS#11 URI of a key on a token; may be repeated. Without it the file"
                + " is only shown.")
    private List<String> keys = List.of();

    @Mixin
    @SuppressWarnings("NullAway.Init") // Picocli makes it.
    private KeyOption keyOption;

    @Spec private CommandSpec spec = CommandSpec.create();

    Sign() {}

    @Override
    public Integer call() throws RefusedException {
      RoleFile in = readFile(file);
      RoleFile signed = in.sign(keyOption.read(keys));
      print(signed, spec.commandLine().getOut());
      if (!keys.isEmpty()) {
        replace(file, signed);
      }
      return 0;
    }
  }

  /** In. */
  @Command(
      name = "import",
      description = {
        "Takes the valid signatures of a file from role sign.",
        "With enough of them the version comes into force."
      })
  static final class Import implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "REPO", description = "The repository's folder.")
    private Path repository = Path.of("");

    @Parameters(index = "1", paramLabel = "FILE", description = "From role sign.")
    private Path file = Path.of("");

    @Mixin
    @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
    private TimeOption time;

    @Spec private CommandSpec spec = CommandSpec.create();

    Import() {}

    @Override
    public Integer call() throws RefusedException {
      Workspace workspace = Workspace.open(repository);
      RoleExchange.Imported imported;
      try (RepositoryLock _ = RepositoryLock.take(repository)) {
        imported =
            new RoleExchange(workspace, time.now()).importRole(readFile(file), file.toString());
      }
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%d new signatures, %d that do not count%n", imported.added(), imported.ignored());
      StatusWords.print(List.of(imported.status()), out);
      boolean firstRoot =
          imported.status().role().text().equals("root") && imported.status().version() == 1;
      if (firstRoot && !imported.status().staged()) {
        out.println(StatusWords.firstRoot(workspace.firstRoot()));
      }
      return 0;
    }
  }
}
