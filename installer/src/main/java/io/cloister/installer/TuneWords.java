package io.cloister.installer;

import static io.cloister.repo.ExitCode.BUSY;
import static io.cloister.repo.ExitCode.DOWN;
import static io.cloister.repo.ExitCode.HOST_UNFIT;
import static io.cloister.repo.ExitCode.USAGE;

import io.cloister.installer.InstallRefusal.NotTuned;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/** The words of what stands against other settings of a model. */
record TuneWords(Situation here) {

  Problem problem(NotTuned r) {
    return switch (r.why()) {
      case UNKNOWN_MODEL -> unknown(r);
      case NOT_SERVING -> notServing(r);
      case BUSY -> busy(r);
      case GOLDEN_ROWS -> golden(r);
      case ENDED -> ended(r);
      case NOT_KEPT -> notKept(r);
      case NOT_STORED -> notStored(r);
      case CHANGED -> changed(r);
    };
  }

  private Problem unknown(NotTuned r) {
    String why = "only what serves can be measured";
    return of(r, "MODEL-UNKNOWN", USAGE, "no such model is installed here", why, list());
  }

  private Problem notServing(NotTuned r) {
    String why = "other settings are compared with those that it serves with";
    return of(r, "MODEL-NOT-SERVING", DOWN, "the model does not serve", why, list());
  }

  private String list() {
    return here.cloister() + " models list";
  }

  private Problem busy(NotTuned r) {
    return of(
        r,
        "TUNE-BUSY",
        BUSY,
        "a model is being tuned already",
        "two trials at once would measure each other",
        here.then("wait until that has ended"));
  }

  private Problem golden(NotTuned r) {
    return of(
        r,
        "TUNE-GOLDEN",
        HOST_UNFIT,
        "no settings can be compared here",
        "with its present settings, too, one more worker of the model does not pass its golden"
            + " rows: it has no memory or no time, or the model is at fault",
        here.then("free memory, or wait until the machine is less busy"));
  }

  private Problem ended(NotTuned r) {
    return of(
        r,
        "TUNE-ENDED",
        BUSY,
        "the trial ended before its time",
        "the appliance is stopping, or does not know this command",
        here.then("look at " + here.cloister() + " status"));
  }

  private Problem notKept(NotTuned r) {
    return of(
        r,
        "TUNE-NOT-KEPT",
        HOST_UNFIT,
        "other settings were found, and did not hold",
        "a model serves with other settings only after its golden rows pass once more",
        here.then("look at the reason"));
  }

  private Problem notStored(NotTuned r) {
    return of(
        r,
        "TUNE-NOT-STORED",
        HOST_UNFIT,
        "the choice of settings cannot be stored",
        "a model runs only with settings that it would have again after a start",
        here.then("see to the reason; a full disk has to be emptied"));
  }

  private Problem changed(NotTuned r) {
    return of(
        r,
        "TUNE-CHANGED",
        BUSY,
        "what was measured does not serve any more",
        "it was unloaded or updated meanwhile, and settings are of one version only",
        list());
  }

  private Problem of(
      NotTuned r, String code, ExitCode exit, String summary, String why, String next) {
    List<Evidence> evidence =
        List.of(new Evidence("model", r.model()), new Evidence("reason", r.reason()));
    return here.problem(code, exit, summary, evidence, why, next);
  }
}
