package io.cloister.installer;

import static io.cloister.repo.ExitCode.REFUSED;
import static io.cloister.repo.ExitCode.USAGE;

import io.cloister.installer.InstallRefusal.AnswersExposed;
import io.cloister.installer.InstallRefusal.BadAnswers;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/** The words of what is wrong with answers, given in a file or at the terminal. */
record AnswerWords(Situation here) {

  Problem stopped() {
    return here.problem(
        "USAGE-STOPPED",
        USAGE,
        "stopped before anything was changed",
        List.of(),
        "the question was ended, or not answered with yes",
        "to begin again, run: " + here.again());
  }

  Problem bad(BadAnswers r) {
    List<Evidence> evidence =
        r.faults().stream()
            .map(
                fault ->
                    new Evidence(
                        fault.line() == 0 ? "missing" : "line " + fault.line(), fault.words()))
            .toList();
    return here.problem(
        "USAGE-ANSWERS",
        USAGE,
        "the answers in " + r.file() + " cannot be used",
        evidence,
        "nothing is guessed",
        here.then("mend the file, as in: cloister install --answers-template"));
  }

  Problem exposed(AnswersExposed r) {
    return here.problem(
        "TRUST-ANSWERS",
        REFUSED,
        "somebody else decides what the answers say",
        List.of(
            new Evidence("file", r.file().toString()),
            new Evidence("at", r.at().toString()),
            new Evidence("fault", r.how())),
        "the answers say whom this machine will trust",
        here.then("put them where only you and root can write"));
  }
}
