package io.cloister.repo.cli;

import java.io.Console;
import java.util.Optional;

/** Whoever sits at the terminal, if there is one. */
final class Person {
  private Person() {}

  /** What is typed, unseen; empty without a terminal. */
  static Optional<char[]> atTerminal(String what) {
    return Optional.ofNullable(System.console())
        .filter(Console::isTerminal)
        .map(console -> console.readPassword("%s: ", what));
  }
}
