package io.cloister.installer.support;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The second net: what looks like a secret is cut out of text that was let through by its
 * structure. Order matters: what covers more comes first.
 */
final class Secrets {
  record Look(String kind, Pattern pattern) {}

  private static final String secretWord =
      "(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[_-]?key|private[_-]?key)";

  static final List<Look> looks =
      List.of(
          look(
              "pem", "(?s)-----BEGIN [A-Z0-9 ]{1,64}-----.*?(?:-----END [A-Z0-9 ]{1,64}-----|\\z)"),
          look("pem", "(?s)\\A.*-----END [A-Z0-9 ]{1,64}-----"),
          look(
              "header",
              "(?i)\\b(?:proxy-)?authorization\\b.*|\\b(?:set-)?cookie\\b.*|\\bx-api-key\\b.*"),
          look("bearer", "(?i)\\b(?:bearer|basic|digest|negotiate)\\s+[A-Za-z0-9._~+/=-]+"),
          look("token", "clst_[A-Za-z0-9_+/=.-]*"),
          look("jwt", "eyJ[A-Za-z0-9_-]++\\.[A-Za-z0-9_.-]+"),
          look(
              "key_value",
              "(?i)"
                  + secretWord
                  + "[\\w.-]*+[\"']?\\s*+(?:[:=]|\\bis\\b)\\s*+(?:\"[^\"]*\"?|'[^']*'?|\\S+)"),
          look("url_user", "(?<=://)[^/@\\s]+@"),
          look("hex", "(?i)(?:[0-9a-f]{32,}|[0-9a-f]{2}(?::[0-9a-f]{2}){15,})"),
          look("base64", "[A-Za-z0-9+/_-]{40,}={0,2}"));

  private Secrets() {}

  private static Look look(String kind, String pattern) {
    return new Look(kind, Pattern.compile(pattern));
  }

  /** The text with {@code <redacted:KIND>} in place of each find. */
  static String cut(String text, Redactions redactions) {
    String left = text;
    for (Look look : looks) {
      Matcher matcher = look.pattern().matcher(left);
      left =
          matcher.replaceAll(
              _ -> {
                redactions.count(look.kind());
                return "<redacted:" + look.kind() + ">";
              });
    }
    return left;
  }
}
