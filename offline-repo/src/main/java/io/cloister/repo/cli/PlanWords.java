package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.publish.Authority;
import io.cloister.repo.publish.RoleName;
import io.cloister.repo.publish.TrustPlan;
import java.io.PrintWriter;

/** Shows a plan, and carries it out unless it is a dry run. */
final class PlanWords {
  private PlanWords() {}

  static void apply(TrustPlan plan, boolean dryRun, PrintWriter out) throws RefusedException {
    for (TrustPlan.Next next : plan.next()) {
      out.printf("%s version %d%n", next.role(), next.file().version());
      ChangeWords.print(next.changes(), out);
    }
    for (RoleName role : plan.dropped()) {
      out.printf("the signatures that %s has so far are for nothing%n", role);
    }
    out.println("next");
    for (TrustPlan.Next next : plan.next()) {
      for (Authority.Demand demand : plan.authority(next).demands()) {
        out.printf(
            "  %s version %d: %d signatures by the keys of %s:%n",
            next.role(), next.file().version(), demand.role().threshold(), demand.statedBy());
        demand.role().keyIds().forEach(id -> out.println("    " + id));
      }
    }
    for (RoleName role : plan.signedAgain()) {
      out.printf("  then %s must be signed again, by keys it has now%n", role);
    }
    if (dryRun) {
      out.println("dry run: nothing was changed");
    } else {
      plan.apply();
      out.println("waiting for those signatures: sign, or role export");
    }
  }
}
