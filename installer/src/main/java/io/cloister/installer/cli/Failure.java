package io.cloister.installer.cli;

import io.cloister.installer.HostFinding;
import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.HostFileFault;
import io.cloister.installer.InstallRefusal.Unfit;
import io.cloister.installer.InstallRefusalWords;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.Situation;
import io.cloister.installer.Standing;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import io.cloister.repo.RefusalWords;
import io.cloister.repo.RefusedCommand;
import io.cloister.repo.RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a command that failed ends: its problems printed, the state looked at, the first one's exit
 * code.
 *
 * @param medium as the operator gave it, or an empty text
 */
record Failure(Session session, String medium) {

  ExitCode report(Exception failure) {
    List<Problem> problems = problems(failure);
    session.console().problems(problems);
    return problems.getFirst().exit();
  }

  private List<Problem> problems(Exception failure) {
    List<Problem> problems = new ArrayList<>(ofItself(failure));
    for (Throwable beside : failure.getSuppressed()) {
      if (beside instanceof InstallRefusedException refused) {
        problems.addAll(words(refused.refusals(), false));
      }
    }
    return problems;
  }

  private List<Problem> ofItself(Exception failure) {
    return switch (failure) {
      case RefusedException refused ->
          RefusalWords.problems(refused, new RefusedCommand(medium, session.typed(), state(false)));
      case InstallRefusedException refused -> words(refused.refusals(), refused.tookBack());
      case IOException fault -> words(List.of(file(fault)), false);
      case InterruptedException _ -> words(List.of(new HostFileFault("", "interrupted")), false);
      default -> List.of(defect(failure));
    };
  }

  private List<Problem> words(List<InstallRefusal> refusals, boolean tookBack) {
    InstallRefusalWords words = words(state(tookBack), tookBack);
    return refusals.stream().map(words::problem).toList();
  }

  private InstallRefusalWords words(String state, boolean tookBack) {
    return new InstallRefusalWords(
        new Situation(state, machine().standing(), session.cloister(), session.typed(), tookBack));
  }

  /** A finding that nothing is refused for: nobody is told a state. */
  Problem words(HostFinding finding) {
    return words("", false).problem(new Unfit(finding));
  }

  private String state(boolean tookBack) {
    return machine().describe(tookBack);
  }

  private MachineState machine() {
    return new MachineState(session.anyPaths(), session.service());
  }

  private static HostFileFault file(IOException fault) {
    if (fault instanceof FileSystemException known) {
      String reason =
          fault instanceof AccessDeniedException ? HostFileFault.DENIED : known.getReason();
      return new HostFileFault(
          Objects.requireNonNullElse(known.getFile(), ""),
          Objects.requireNonNullElse(reason, known.getClass().getSimpleName()));
    }
    return new HostFileFault("", Objects.requireNonNullElse(fault.getMessage(), fault.toString()));
  }

  private Problem defect(Exception failure) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("fault", failure.toString()));
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (evidence.size() < 9) {
        evidence.add(new Evidence("at", frame.toString()));
      }
    }
    return new Problem(
        "DEFECT",
        ExitCode.DEFECT,
        "cloister itself failed",
        evidence,
        "this is a defect of ours, not of this machine or its media",
        state(false),
        machine().standing() == Standing.BARE
            ? "send these lines to the vendor"
            : "send these lines to the vendor, with the output of: "
                + session.cloister()
                + " support collect");
  }
}
