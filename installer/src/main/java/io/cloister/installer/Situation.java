package io.cloister.installer;

import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/**
 * Where a refusal met the operator.
 *
 * @param state what is true of this machine now
 * @param cloister how the command is called here, e.g. {@code cloister --root /srv/trial}
 * @param again the whole command that was refused
 * @param tookBack whether something was activated and taken back again
 */
public record Situation(String state, String cloister, String again, boolean tookBack) {

  Problem problem(
      String code,
      ExitCode exit,
      String summary,
      List<Evidence> evidence,
      String why,
      String next) {
    ExitCode ended = tookBack ? ExitCode.ROLLED_BACK : exit;
    return new Problem(code, ended, summary, evidence, why, state, next);
  }

  /** For the remedies that end with trying again. */
  String then(String remedy) {
    return remedy + ", then run: " + again;
  }
}
