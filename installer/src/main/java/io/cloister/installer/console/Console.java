package io.cloister.installer.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Problem;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * How a command speaks. Chosen once, at the edge: with {@code --json} one JSON object per line; on
 * a terminal a bar that redraws one line; in a pipe plain lines. Progress and results go to the
 * standard output, problems to the standard error (with {@code --json} everything to the output).
 * No text reaches a terminal with control characters in it. Safe for several threads.
 */
public final class Console implements AutoCloseable {
  private final Surroundings surroundings;
  private final Output out;
  private final Printer printer;
  private final Optional<Keyboard> keyboard;

  private Console(
      Surroundings surroundings, Output out, Printer printer, Optional<Keyboard> keyboard) {
    this.surroundings = surroundings;
    this.out = out;
    this.printer = printer;
    this.keyboard = keyboard;
  }

  /** The console that fits the surroundings. */
  public static Console choose(Surroundings surroundings, boolean json) {
    return choose(surroundings, json, Screen::ofProcess);
  }

  static Console choose(Surroundings here, boolean json, Supplier<Screen> screen) {
    Output out = new Output(here.out(), here.utf8());
    Output err = new Output(here.err(), here.utf8());
    if (json) {
      return new Console(here, out, new JsonPrinter(out), Optional.empty());
    }
    Printer printer = new PlainPrinter(out, err);
    Optional<Screen> drawn = here.redraws() ? Optional.of(screen.get()) : Optional.empty();
    if (drawn.isPresent()) {
      ProgressBar bar = new ProgressBar(here.utf8());
      printer = new TerminalPrinter(out, err, drawn.get(), bar, here.colours(here.errIsTerminal()));
    }
    boolean person = here.outIsTerminal() && here.inIsTerminal();
    return new Console(
        here,
        out,
        printer,
        person ? Optional.of(new Keyboard(here, out, drawn)) : Optional.empty());
  }

  /** Begins a step of so many bytes. */
  public Step step(String what, long bytesTotal) {
    return new Step(printer, surroundings.nanoTime(), what, OptionalLong.of(bytesTotal));
  }

  /** Begins a step whose size nobody knows, or that moves no bytes. */
  public Step step(String what) {
    return new Step(printer, surroundings.nanoTime(), what, OptionalLong.empty());
  }

  /** Words for a person, one line or several; not written with {@code --json}. */
  public void say(String text) {
    printer.say(text);
  }

  /** A table for a person; not written with {@code --json}. */
  public void table(Table table) {
    printer.say(table.text());
  }

  /** What the command found or did: {@code data} for a program, {@code text} for a person. */
  public void result(ObjectNode data, String text) {
    printer.result(data, text);
  }

  /** A failure, in the one form. */
  public void problem(Problem problem) {
    printer.problem(problem);
  }

  /** All that failed together: for a program each, for a person the first and how many more. */
  public void problems(List<Problem> problems) {
    printer.problems(problems);
  }

  /** Whether a person is there who can answer. */
  public boolean hasPerson() {
    return keyboard.isPresent();
  }

  /**
   * Asks a person for a line. Empty where nobody can answer, in a pipe or with {@code --json}, and
   * where the person ends the question with Ctrl-C or Ctrl-D.
   */
  public Optional<String> ask(String question) {
    printer.makeRoom();
    return keyboard.flatMap(person -> person.read(question));
  }

  /** Asks a person for what nobody else may see: it is not shown. Empty as for {@link #ask}. */
  public Optional<char[]> askSecret(String question) {
    java.io.Console terminal = surroundings.ownInput() ? System.console() : null;
    if (terminal == null || keyboard.isEmpty()) {
      return ask(question).map(String::toCharArray);
    }
    printer.makeRoom();
    return Optional.ofNullable(terminal.readPassword("%s ", Printable.line(question)));
  }

  /** Asks for leave to go on. Only {@code y} or {@code yes} is a yes; nobody there is a no. */
  public boolean confirm(String question) {
    return ask(question + " [y/N]")
        .map(String::strip)
        .filter(answer -> answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"))
        .isPresent();
  }

  /** Whether output could not be written; a command whose result is its output has then failed. */
  public boolean outputLost() {
    return out.lost();
  }

  @Override
  public void close() {
    printer.close();
  }
}
