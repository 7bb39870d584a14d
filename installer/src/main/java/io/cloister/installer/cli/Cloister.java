package io.cloister.installer.cli;

import io.cloister.installer.HostFinding.NameUnwritable;
import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.Arguments;
import io.cloister.installer.InstallRefusal.Unfit;
import io.cloister.installer.InstallRefusalWords;
import io.cloister.installer.Situation;
import io.cloister.installer.Standing;
import io.cloister.installer.activate.Patience;
import io.cloister.installer.console.Console;
import io.cloister.installer.console.Surroundings;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.RefusedCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The operator's command. */
@Command(
    name = "cloister",
    versionProvider = Cloister.Version.class,
    description = "Puts verified content into service on this machine, and takes it back.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 a defect of ours, 2 usage, 3 refused (trust), 4 host unfit,",
      "5 media fault, 6 busy, 7 rolled back (the old release serves), 8 down."
    })
public final class Cloister {
  /** Each has the name of its class, without the ending. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          VerifyCommand.class,
          PreflightCommand.class,
          InstallCommand.class,
          UpdateCommand.class,
          RollbackCommand.class,
          StatusCommand.class,
          ModelsCommand.class,
          TokenCommand.class,
          StartCommand.class,
          StopCommand.class,
          RepairCommand.class,
          RecoverCommand.class,
          BackupCommand.class,
          RestoreCommand.class,
          UninstallCommand.class,
          SupportCommand.class,
          PolicyCommand.class);

  private final Edge edge;
  private final String typed;

  /** A word with letters that this process could not read; Java has put another in their place. */
  private final Optional<String> maimed;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Everything lies below this folder instead of /.")
  private @Nullable Path root;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "One JSON object per line, for programs.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // Picocli prints the help when it is given.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // Picocli prints the version when it is given.
  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean versionAsked;

  Cloister(Edge edge, String... arguments) {
    this.edge = edge;
    this.maimed = Arrays.stream(arguments).filter(word -> word.contains("\uFFFD")).findFirst();
    this.typed = ("cloister " + RefusedCommand.shell(List.of(arguments))).strip();
  }

  public static void main(String[] arguments) {
    int status = run(here(), arguments);
    System.out.flush();
    System.err.flush();
    // To exit in the usual way looks in every jar for somebody who logs it, for a tenth of a short
    // command; and after an uninstall its classes are gone.
    Runtime.getRuntime().halt(status);
  }

  /** This process, on this machine, now. */
  static Edge here() {
    return new Edge(
        Surroundings.ofProcess(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        Machine.here(),
        Patience.USUAL);
  }

  /** What the command takes, for its manual page and the shell; no machine is looked at. */
  public static CommandSpec describe() {
    var none = new Machine("", Optional::empty, false, Machine.here().facts());
    var edge = new Edge(Surroundings.ofProcess(), Instant.EPOCH, none, Patience.USUAL);
    CommandLine line = new CommandLine(new Cloister(edge));
    COMMANDS.forEach(line::addSubcommand);
    return plain(line).getCommandSpec();
  }

  /** One command; returns the exit status. */
  public static int run(Edge edge, String... arguments) {
    var cloister = new Cloister(edge, arguments);
    CommandLine line = new CommandLine(cloister);
    addSubcommands(line, List.of(arguments));
    plain(line).setOut(new PrintWriter(edge.surroundings().out(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((fault, _) -> cloister.usage(fault));
    return line.execute(arguments);
  }

  private static CommandLine plain(CommandLine line) {
    return line.setUsageHelpWidth(90)
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
  }

  /**
   * Reading what a command takes is half of a short run: only that of those that are named is read.
   * Where none is, a list of all is the most that can be asked for.
   */
  private static void addSubcommands(CommandLine line, List<String> arguments) {
    List<Class<?>> named =
        COMMANDS.stream().filter(type -> arguments.contains(name(type))).toList();
    named.forEach(line::addSubcommand);
    if (named.isEmpty()) {
      for (Class<?> type : COMMANDS) {
        CommandSpec summary = CommandSpec.create();
        summary.usageMessage().description(type.getAnnotation(Command.class).description());
        line.addSubcommand(name(type), summary);
      }
    }
  }

  private static String name(Class<?> command) {
    String name = command.getSimpleName();
    return name.substring(0, name.length() - "Command".length()).toLowerCase(Locale.ROOT);
  }

  Edge edge() {
    return edge;
  }

  boolean json() {
    return json;
  }

  /** Below {@code --root}, or the host's own. */
  HostPaths paths() {
    Path folder = root == null ? Path.of("/") : root;
    return new HostPaths(folder.toAbsolutePath().normalize());
  }

  /** As the jar's manifest states it. */
  static String version() {
    String version = Cloister.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  /** For {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        version().isEmpty() ? "cloister, not packaged" : "cloister " + version()
      };
    }
  }

  private int usage(ParameterException fault) {
    String name = fault.getCommandLine().getCommandSpec().qualifiedName();
    String message = String.valueOf(fault.getMessage());
    if (message.equals("Missing required subcommand")) {
      message += ": " + String.join(", ", fault.getCommandLine().getSubcommands().keySet());
    }
    if (fault instanceof UnmatchedArgumentException unknown
        && !unknown.getSuggestions().isEmpty()) {
      message += "; is it one of: " + String.join(", ", unknown.getSuggestions());
    }
    InstallRefusal refusal =
        maimed.isPresent() ? unreadable(maimed.get()) : new Arguments(message, name + " --help");
    try (Console console = Console.choose(edge.surroundings(), json)) {
      var situation =
          new Situation(
              "nothing on this machine was changed", Standing.BARE, "cloister", typed, false);
      Problem problem = new InstallRefusalWords(situation).problem(refusal);
      console.problem(problem);
      return problem.exit().number();
    }
  }

  /** In a locale without its letters a name comes in maimed, and there is no path for it. */
  private static InstallRefusal unreadable(String name) {
    String encoding = System.getProperty("sun.jnu.encoding", "unknown");
    return new Unfit(new NameUnwritable(name, encoding));
  }

  /** What a command does; it may refuse in every way there is. */
  @FunctionalInterface
  interface Work {
    ExitCode run(Session session) throws Exception;
  }

  /** Runs it, prints what stands against it, and returns the exit status. */
  int perform(String medium, Work work) {
    try (Console console = Console.choose(edge.surroundings(), json)) {
      Optional<Path> folder = Optional.ofNullable(root).map(r -> r.toAbsolutePath().normalize());
      var session = new Session(edge, console, folder, typed);
      try {
        return work.run(session).number();
      } catch (Exception e) {
        return new Failure(session, medium).report(e).number();
      }
    }
  }
}
