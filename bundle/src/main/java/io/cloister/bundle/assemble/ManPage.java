package io.cloister.bundle.assemble;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command, in the man macros that groff and mandoc both read (groff_man(7)):
 * commands and options as the program itself has them, in the place that a page written by hand
 * leaves for them. Pure: the same command and words give the same bytes.
 */
final class ManPage {
  /** The lines of the written page that are replaced. */
  private static final String HEADING = ".\\\" heading";

  private static final String OPTIONS = ".\\\" options";
  private static final String COMMANDS = ".\\\" commands";

  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  /**
   * The page.
   *
   * @param words the page as written by hand
   * @param section of the manual
   * @param date that the page states
   * @throws IllegalArgumentException when the written page lacks a place
   */
  static String of(CommandSpec command, String words, int section, String version, LocalDate date) {
    for (String place : List.of(HEADING, OPTIONS, COMMANDS)) {
      if (words.lines().noneMatch(place::equals)) {
        throw new IllegalArgumentException("the written page has no line " + place);
      }
    }
    String name = command.name();
    var page = new ManPage();
    words
        .lines()
        .forEach(
            line -> {
              switch (line) {
                case HEADING ->
                    page.macro(
                        "TH",
                        name,
                        String.valueOf(section),
                        date.toString(),
                        "Cloister " + version,
                        "Cloister");
                case OPTIONS -> page.options(command);
                case COMMANDS -> page.commands(command);
                default -> page.page.append(line).append('\n');
              }
            });
    return page.page.toString();
  }

  private void commands(CommandSpec parent) {
    for (CommandSpec command : children(parent)) {
      macro("SS", command.qualifiedName());
      synopsis(command);
      macro("PP");
      text(command.usageMessage().description());
      options(command);
      commands(command);
    }
  }

  /** Each once, in the order of their declaration, not under the names that are short for one. */
  private static List<CommandSpec> children(CommandSpec parent) {
    return parent.subcommands().entrySet().stream()
        .filter(each -> each.getKey().equals(each.getValue().getCommandName()))
        .map(each -> each.getValue().getCommandSpec())
        .filter(spec -> !spec.usageMessage().hidden())
        .toList();
  }

  private void synopsis(CommandSpec command) {
    macro("PP");
    List<String> line = new ArrayList<>();
    line.add(bold(command.qualifiedName()));
    own(command).filter(OptionSpec::required).forEach(option -> line.add(term(option)));
    if (own(command).anyMatch(option -> !option.required())) {
      line.add("[" + italic("OPTIONS") + "]");
    }
    command.positionalParameters().forEach(each -> line.add(term(each)));
    if (!command.subcommands().isEmpty()) {
      line.add(italic("COMMAND"));
    }
    page.append(String.join(" ", line)).append('\n');
  }

  private void options(CommandSpec command) {
    Stream.concat(command.positionalParameters().stream(), own(command))
        .forEach(
            each -> {
              macro("TP");
              page.append(term(each)).append('\n');
              text(each.description());
            });
  }

  /** Those that the command before it does not have already. */
  private static Stream<OptionSpec> own(CommandSpec command) {
    return command.options().stream().filter(option -> !option.inherited() && !option.hidden());
  }

  private static String term(ArgSpec each) {
    String many = each.arity().max() > 1 || each.isMultiValue() ? "..." : "";
    return switch (each) {
      case OptionSpec option -> {
        String names =
            Arrays.stream(option.names()).map(ManPage::bold).collect(Collectors.joining(", "));
        yield option.arity().max() == 0 ? names : names + " " + italic(option.paramLabel());
      }
      case PositionalParamSpec parameter -> italic(parameter.paramLabel()) + many;
      default -> throw new IllegalStateException("neither an option nor a parameter: " + each);
    };
  }

  private void text(String... lines) {
    for (String line : lines) {
      String safe = escaped(line.strip());
      // A line that begins with one of these would be a request (groff(7)).
      page.append(safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe).append('\n');
    }
  }

  private void macro(String name, String... arguments) {
    page.append('.').append(name);
    for (String argument : arguments) {
      page.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
    }
    page.append('\n');
  }

  private static String bold(String text) {
    return "\\fB" + escaped(text) + "\\fP";
  }

  private static String italic(String text) {
    return "\\fI" + escaped(text) + "\\fP";
  }

  /** A hyphen is typed as it is shown; what is not ASCII is left to the reader's device. */
  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
