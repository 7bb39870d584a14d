package io.cloister.installer.support;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Free text that a program wrote for a person. Its sentences are kept; what they quote may be a
 * customer's data and is not.
 */
final class Words {
  private static final int charsMax = 2000;
  private static final Pattern quoted =
      Pattern.compile(
          "(?s)\"[^\"]*\"?|'[^']*'?|`[^`]*`?|“[^”]*”?|‘[^’]*’?|«[^»]*»?|\\{.*\\}?|\\[.*\\]?");
  private static final Pattern dataFollows = Pattern.compile("(?s)[:=].*");
  private static final Pattern control = Pattern.compile("[\\p{Cntrl}\\p{Cf}]+");

  private Words() {}

  /** A reason, written by our own code: quotations and secrets are cut. */
  static String reason(String text, Redactions redactions) {
    String safe = Secrets.cut(clipped(text), redactions);
    return control.matcher(cut(quoted, safe, "quotation", redactions)).replaceAll(" ");
  }

  /** A log message, which may have passed through code that is not ours: cut at its first datum. */
  static String message(String text, Redactions redactions) {
    return cut(dataFollows, reason(text, redactions), "message_data", redactions);
  }

  private static String clipped(String text) {
    return text.length() > charsMax ? text.substring(0, charsMax) : text;
  }

  private static String cut(Pattern pattern, String text, String kind, Redactions redactions) {
    // "<redacted:KIND>" has a colon of its own, which begins no data.
    String marked = text.replace("<redacted:", "<redacted\0");
    Matcher matcher = pattern.matcher(marked);
    return matcher
        .replaceAll(
            _ -> {
              redactions.count(kind);
              return "<redacted\0" + kind + ">";
            })
        .replace("<redacted\0", "<redacted:");
  }
}
