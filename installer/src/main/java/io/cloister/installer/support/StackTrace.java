package io.cloister.installer.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stack traces without what the exceptions say: classes and places only. */
final class StackTrace {
  private static final Pattern frame =
      Pattern.compile(
          "\\s*(at [\\w.$/@<>-]{1,300}\\([\\w .]{1,80}(?::\\d{1,6})?\\)|\\.\\.\\. \\d{1,4} more)");
  private static final Pattern thrown =
      Pattern.compile(
          "\\s*((?:Caused by: |Suppressed: |Exception in thread \"[\\w-]{1,40}\" )?"
              + "[a-z][\\w.]{0,200}\\.[A-Z][\\w$]{0,100}(?:Exception|Error|Throwable|Refused|Fault|Defect))"
              + "(?:: .*)?");

  private StackTrace() {}

  /** The frame, or the class of what was thrown; empty where the line is neither. */
  static Optional<String> findPlace(String line) {
    Matcher inFrame = frame.matcher(line);
    if (inFrame.matches()) {
      return Optional.of("  " + inFrame.group(1));
    }
    Matcher atThrown = thrown.matcher(line);
    return atThrown.matches() ? Optional.of(atThrown.group(1)) : Optional.empty();
  }

  static String redacted(String text, Redactions redactions) {
    List<String> kept = new ArrayList<>();
    text.lines()
        .forEach(
            line ->
                findPlace(line).ifPresentOrElse(kept::add, () -> redactions.count("stack_line")));
    return String.join("\n", kept);
  }
}
