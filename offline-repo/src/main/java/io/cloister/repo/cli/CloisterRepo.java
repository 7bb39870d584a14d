package io.cloister.repo.cli;

import io.cloister.repo.ExitCode;
import io.cloister.repo.Problems;
import io.cloister.repo.RefusalWords;
import io.cloister.repo.RefusedCommand;
import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The vendor's tool. Exit codes are those of {@link ExitCode}. */
@Command(
    name = "cloister-repo",
    description = "Packs, signs and publishes what Cloister installs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      InitCommand.class,
      KeyCommand.class,
      AddCommand.class,
      SignCommand.class,
      RoleCommand.class,
      DelegateCommand.class,
      UndelegateCommand.class,
      RotateCommand.class,
      RevokeCommand.class,
      VerifyCommand.class,
      PublishCommand.class,
      InspectCommand.class
    },
    footer = {
      "",
      "In order: key generate, init, add, sign, verify, publish.",
      "Exit codes: 0 done, 1 a defect, 2 usage, 3 refused, 4 host unfit, 5 media fault."
    })
public final class CloisterRepo {
  private static final int HELP_COLUMNS = 80;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  @SuppressWarnings("UnusedVariable") // Picocli reads it: a given help option ends the command.
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Print the version.")
  @SuppressWarnings("UnusedVariable") // Picocli reads it, as it does help.
  private boolean version;

  private CloisterRepo() {}

  @SuppressWarnings("SystemExitOutsideMain")
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(commandLine(out, err, System.getenv(), Clock.systemUTC()).execute(arguments));
  }

  /** What the command takes, for its manual page and the shell; nothing is run. */
  public static CommandSpec describe() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return commandLine(nowhere, nowhere, Map.of(), Clock.systemUTC()).getCommandSpec();
  }

  /** The whole command, with everything it takes from outside. */
  public static CommandLine commandLine(
      PrintWriter out, PrintWriter err, Map<String, String> environment, Clock clock) {
    return commandLine(out, err, environment, clock, Person::atTerminal);
  }

  static CommandLine commandLine(
      PrintWriter out,
      PrintWriter err,
      Map<String, String> environment,
      Clock clock,
      Function<String, Optional<char[]>> person) {
    CommandLine line = new CommandLine(new CloisterRepo(), new Parts(environment, clock, person));
    line.setOut(out).setErr(err);
    String version = CloisterRepo.class.getPackage().getImplementationVersion();
    line.getCommandSpec().version("cloister-repo " + (version == null ? "unknown" : version));
    line.setUsageHelpWidth(HELP_COLUMNS)
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setParameterExceptionHandler((fault, words) -> print(line, usage(fault), List.of(words)));
    line.setExecutionExceptionHandler(
        (fault, command, result) -> print(line, fault, result.originalArgs()));
    line.setExitCodeExceptionMapper(fault -> ExitCode.DEFECT.number());
    return line;
  }

  /** Every command gets the same environment, clock and terminal. */
  private record Parts(
      Map<String, String> environment, Clock clock, Function<String, Optional<char[]>> person)
      implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == TimeOption.class) {
        return type.cast(new TimeOption(environment, clock));
      }
      if (type == CheckTimeOption.class) {
        return type.cast(new CheckTimeOption(clock));
      }
      if (type == KeyOption.class) {
        return type.cast(new KeyOption(person));
      }
      return type == NewPassphrase.class
          ? type.cast(new NewPassphrase(person))
          : CommandLine.defaultFactory().create(type);
    }
  }

  private static RefusedException usage(CommandLine.ParameterException fault) {
    CommandLine line = fault.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    String words = String.valueOf(fault.getMessage());
    if (words.startsWith("Missing required subcommand")) {
      words = "a command is missing: " + String.join(", ", line.getSubcommands().keySet());
    }
    if (fault instanceof CommandLine.UnmatchedArgumentException unknown
        && !unknown.getSuggestions().isEmpty()) {
      words += "; is it one of: " + String.join(", ", unknown.getSuggestions());
    }
    return new RefusedException(new VendorRefusal.BadArgument(command, words));
  }

  private static int print(CommandLine line, Exception fault, List<String> words) throws Exception {
    if (!(fault instanceof RefusedException refused)) {
      throw fault;
    }
    return print(line, refused, words);
  }

  private static int print(CommandLine line, RefusedException refused, List<String> words) {
    var command =
        new RefusedCommand(
            "the medium",
            line.getCommandName() + " " + RefusedCommand.shell(words),
            "nothing was published");
    var problems = new Problems(RefusalWords.problems(refused, command));
    problems.shown().forEach(problem -> line.getErr().print(problem.text()));
    problems.rest().ifPresent(line.getErr()::println);
    line.getErr().flush();
    return problems.all().getFirst().exit().number();
  }
}
