package io.cloister.repo;

import java.util.List;

/**
 * A failure as a person sees it: what happened with both values, why it is refused, the state the
 * machine is in, and what to do next. {@link #text()} is the one form in which every command prints
 * it.
 *
 * @param code stable, listed in {@code docs/reference/errors.md}, e.g. {@code TRUST-ROLLBACK}
 * @param evidence label and value, in the order they are read; labels are at most 9 characters
 * @param why the reason, with the source it cites
 * @param state what is true of this machine now
 * @param next a command to type or a person to ask
 */
public record Problem(
    String code,
    ExitCode exit,
    String summary,
    List<Evidence> evidence,
    String why,
    String state,
    String next) {

  /** One labelled value. */
  public record Evidence(String label, String value) {}

  public Problem {
    evidence = List.copyOf(evidence);
  }

  /** The printed form, several lines, each ended by a newline. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("error: ").append(printable(summary)).append("  [").append(code).append("]\n");
    evidence.forEach(line -> append(text, line.label(), line.value()));
    append(text, "why", why);
    append(text, "state", state);
    append(text, "next", next);
    return text.toString();
  }

  private static void append(StringBuilder text, String label, String value) {
    text.append("  ").append(String.format("%-9s", label)).append(' ').append(printable(value));
    text.append('\n');
  }

  /** A value may come from hostile media: control characters would let it write to the terminal. */
  public static String printable(String value) {
    StringBuilder safe = new StringBuilder(value.length());
    value
        .codePoints()
        .forEach(
            c -> safe.appendCodePoint(Character.isISOControl(c) || isFormat(c) ? '\uFFFD' : c));
    return safe.toString();
  }

  private static boolean isFormat(int codePoint) {
    return Character.getType(codePoint) == Character.FORMAT;
  }
}
