package io.cloister.installer.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stack traces without what the exceptions say, and crash reports of the Java runtime without what
 * memory, environment and command line hold: classes, signals and places only.
 */
final class StackTrace {
  private static final Pattern frame =
      Pattern.compile(
          "\\s*(at [\\w.$/@<>-]{1,300}\\([\\w .]{1,80}(?::\\d{1,6})?\\)|\\.\\.\\. \\d{1,4} more)");
  private static final Pattern thrown =
      Pattern.compile(
          "\\s*((?:Caused by: |Suppressed: |Exception in thread \"[\\w-]{1,40}\" )?"
              + "[a-z][\\w.]{0,200}\\.[A-Z][\\w$]{0,100}(?:Exception|Error|Throwable|Refused|Fault|Defect))"
              + "(?:: .*)?");

  private static final Pattern crash =
      Pattern.compile(
          "(?:# +)?(SIG[A-Z0-9]{1,10} \\(0x[0-9a-f]{1,8}\\)"
              + "|[CVv]  \\[[\\w.+-]{1,80}\\+0x[0-9a-f]{1,16}\\]"
              + "|(?:j  |J \\d{1,7}[ %!sbn]{1,6}c[12] )[\\w.$/]{1,200}(?=\\())"
              + "(?:\\W.*)?");

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

  /** The signal or a frame, of a line that the Java runtime itself wrote at its end. */
  static Optional<String> findCrash(String line) {
    Matcher matcher = crash.matcher(line);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
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
