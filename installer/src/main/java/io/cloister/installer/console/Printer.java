package io.cloister.installer.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problems;
import java.util.List;

/** How one kind of reader is told: a person at a terminal, a file or pipe, a program. */
sealed interface Printer permits PlainPrinter, TerminalPrinter, JsonPrinter {
  void started(StepState step);

  void progressed(StepState step);

  void ended(StepState step, boolean success);

  /** Words for a person; a program is not told. */
  void say(String text);

  /** A question follows: nothing is in its way. */
  default void makeRoom() {}

  void result(ObjectNode data, String text);

  /** All that failed together; a person reads the first of them. */
  default void problems(List<Problem> all) {
    Problems problems = new Problems(all);
    problems.shown().forEach(this::problem);
    problems.rest().ifPresent(rest -> unshown(rest + "; --json prints them all"));
  }

  void problem(Problem problem);

  /** What there is beside the problems that were printed. */
  void unshown(String words);

  void close();
}
