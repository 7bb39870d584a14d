package io.cloister.installer.console;

import java.util.List;

/** A command in a pipe that uses everything it can there. */
final class PipeMain {
  private PipeMain() {}

  public static void main(String[] arguments) {
    try (Console console = Console.choose(Surroundings.ofProcess(), false);
        Step step = console.step("copy", 10)) {
      console.table(new Table(List.of("NAME"), List.of(List.of("a"))));
      console.problem(ConsoleOnATerminalTest.problem);
      step.advance(10);
      step.done();
    }
  }
}
