package io.cloister.installer;

import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/**
 * Where a refusal met the operator.
 *
 * @param state what is true of this machine now
 * @param standing the same, for decisions
 * @param cloister how the command is called here, e.g. {@code cloister --root /srv/trial}
 * @param again the whole command that was refused, as typed
 * @param tookBack whether something was activated and taken back again
 */
public record Situation(
    String state, Standing standing, String cloister, String again, boolean tookBack) {

  Problem problem(
      String code,
      ExitCode exit,
      String summary,
      List<Evidence> evidence,
      String why,
      String next) {
    // "Rolled back" promises that the old content serves.
    boolean rolledBack = tookBack && standing == Standing.SERVING;
    return new Problem(
        code, rolledBack ? ExitCode.ROLLED_BACK : exit, summary, evidence, why, state, next);
  }

  Situation with(String otherState) {
    return new Situation(otherState, standing, cloister, again, tookBack);
  }

  /** For the remedies that end with trying again. */
  String then(String remedy) {
    return remedy + ", then run: " + again;
  }

  /** For what only the vendor can tell. Where nothing is installed there is nothing to collect. */
  public String askVendor() {
    return standing == Standing.BARE
        ? "send these lines to the vendor"
        : "ask the vendor, with the output of: " + cloister + " support collect";
  }
}
