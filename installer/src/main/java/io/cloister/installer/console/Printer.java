package io.cloister.installer.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Problem;

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

  void problem(Problem problem);

  void close();
}
