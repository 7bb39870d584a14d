package io.cloister.installer;

import static io.cloister.repo.ExitCode.DOWN;
import static io.cloister.repo.ExitCode.HOST_UNFIT;

import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.ArrayList;
import java.util.List;

/** The words of what the service would not do. */
record ServiceWords(Situation here) {

  Problem refused(InstallRefusal.ApplianceRefused r) {
    return here.problem(
        "SERVICE-REFUSED",
        unfitOrDown(),
        "the appliance did not take " + r.what(),
        List.of(new Evidence("reason", r.reason())),
        "a version serves only after its acceptance tests pass on this machine",
        here.askVendor());
  }

  Problem notReady(InstallRefusal.NotReady r) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("waited", r.waited().toSeconds() + " s"));
    evidence.add(new Evidence("last seen", r.lastSeen()));
    return here.problem(
        "SERVICE-NOT-READY",
        unfitOrDown(),
        "the appliance did not become ready",
        log(evidence, r.log()),
        here.tookBack()
            ? "what does not become ready is not kept"
            : "the service was started, and ended or was not ready in time",
        here.askVendor());
  }

  Problem commandFailed(InstallRefusal.CommandFailed r) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("command", r.command()));
    evidence.add(new Evidence("outcome", r.outcome()));
    return here.problem(
        "SERVICE-SETUP",
        unfitOrDown(),
        "the release could not be set up",
        log(evidence, r.log()),
        "a release serves only after its own set-up has made what it needs here",
        here.askVendor());
  }

  private ExitCode unfitOrDown() {
    return here.standing() == Standing.BARE ? HOST_UNFIT : DOWN;
  }

  private static List<Evidence> log(List<Evidence> evidence, List<String> lines) {
    lines.forEach(line -> evidence.add(new Evidence("log", line)));
    return evidence;
  }

  Problem down(InstallRefusal.Down r) {
    return here.problem(
        "SERVICE-DOWN",
        DOWN,
        "the appliance is not running",
        List.of(new Evidence("installed", "release " + r.release())),
        "nobody answers on the operator's socket",
        here.cloister() + " start");
  }
}
