package io.cloister.appliance.worker;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a worker process ended, in words. */
final class WorkerEnd {
  private static final int SIGNALLED = 128;
  private static final int OUT_OF_HEAP = 3;
  private static final int LIMIT_REFUSED = 71;

  private WorkerEnd() {}

  /**
   * @param killed why the server ended it, if it did
   */
  static String describe(int status, @Nullable String killed, WorkerOutput output) {
    if (killed != null) {
      return killed;
    }
    Optional<String> signal = output.findSignal();
    if (signal.isPresent()) {
      return "it crashed with " + signal.get();
    }
    if (status > SIGNALLED) {
      return "it was ended by signal " + (status - SIGNALLED);
    }
    return switch (status) {
      case 0 -> "it ended";
      case OUT_OF_HEAP -> "it ran out of heap memory";
      case LIMIT_REFUSED -> "its memory limit cannot be set";
      default -> "it ended with status " + status + lastWords(output.lines());
    };
  }

  /** The innermost cause of a stack trace, else the last line. */
  private static String lastWords(List<String> lines) {
    return lines.reversed().stream()
        .filter(line -> !line.startsWith("at ") && !line.startsWith("..."))
        .findFirst()
        .map(line -> ": " + line)
        .orElse("");
  }
}
