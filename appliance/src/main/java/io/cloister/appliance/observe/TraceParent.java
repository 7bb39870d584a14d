package io.cloister.appliance.observe;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Of which trace a request is a part (W3C Trace Context, §3.2).
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId 16 hexadecimal digits
 */
record TraceParent(String traceId, String parentId) {
  private static final HeaderName NAME = HeaderNames.create("traceparent");

  /** A later version may go on after another hyphen; all zeros name nothing (§3.2.2.3). */
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  /** Empty where none was sent, several were, or it is not of the form: it is then ignored. */
  static Optional<TraceParent> find(Headers headers) {
    if (!headers.contains(NAME) || headers.get(NAME).valueCount() != 1) {
      return Optional.empty();
    }
    return parse(headers.get(NAME).get());
  }

  static Optional<TraceParent> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    boolean fits =
        matcher.matches() && (matcher.group(4) == null || !matcher.group(1).equals("00"));
    return fits
        ? Optional.of(new TraceParent(matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }
}
