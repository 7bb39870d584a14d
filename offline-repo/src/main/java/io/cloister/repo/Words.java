package io.cloister.repo;

import io.cloister.repo.Problem.Evidence;
import java.util.ArrayList;
import java.util.List;

/** Collects the lines of one problem in the order they are read. */
final class Words {
  private final String code;
  private final ExitCode exit;
  private final String summary;
  private final List<Evidence> evidence = new ArrayList<>();
  private String why = "";

  Words(String code, ExitCode exit, String summary) {
    this.code = code;
    this.exit = exit;
    this.summary = summary;
  }

  Words line(String label, String value) {
    evidence.add(new Evidence(label, value));
    return this;
  }

  Words why(String reason) {
    why = reason;
    return this;
  }

  Problem problem(RefusedCommand command, String next) {
    return new Problem(code, exit, summary, evidence, why, command.state(), next);
  }
}
