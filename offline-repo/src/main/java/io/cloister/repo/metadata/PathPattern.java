package io.cloister.repo.metadata;

/**
 * A shell pattern of target paths (TUF 1.0.34 §4.5 PATHPATTERN, glob(7)): {@code *} stands for any
 * characters of one path segment, {@code ?} for one, {@code [a-c]} and {@code [!a-c]} for one of a
 * set; none of them stands for {@code /}. Case counts. There is no escape character.
 */
public record PathPattern(String pattern) {

  /** Matches segment by segment; the work is bounded by the product of the two lengths. */
  public boolean matches(String path) {
    String[] wanted = pattern.split("/", -1);
    String[] segments = path.split("/", -1);
    if (wanted.length != segments.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!segmentMatches(wanted[i], segments[i])) {
        return false;
      }
    }
    return true;
  }

  /** On a mismatch only the last star takes one more character: no exponential backtracking. */
  private static boolean segmentMatches(String wanted, String segment) {
    int w = 0;
    int s = 0;
    int star = -1;
    int starred = 0;
    while (s < segment.length()) {
      int step = w < wanted.length() ? segment.codePointAt(s) : -1;
      int end = step < 0 ? -1 : matchOne(wanted, w, step);
      if (end >= 0) {
        w = end;
        s += Character.charCount(step);
      } else if (w < wanted.length() && wanted.charAt(w) == '*') {
        star = w++;
        starred = s;
      } else if (star >= 0) {
        w = star + 1;
        starred += Character.charCount(segment.codePointAt(starred));
        s = starred;
      } else {
        return false;
      }
    }
    while (w < wanted.length() && wanted.charAt(w) == '*') {
      w++;
    }
    return w == wanted.length();
  }

  /** Where the pattern goes on after one character that it matches; -1 where it does not. */
  private static int matchOne(String wanted, int at, int character) {
    int first = wanted.codePointAt(at);
    return switch (first) {
      case '*' -> -1;
      case '?' -> at + 1;
      case '[' -> {
        int close = wanted.indexOf(']', at + (isNegated(wanted, at) ? 3 : 2));
        // Without its end a bracket is a plain character, as in glob(7).
        yield close < 0 ? plain(first, character, at) : inSet(wanted, at, close, character);
      }
      default -> plain(first, character, at);
    };
  }

  private static int plain(int wanted, int character, int at) {
    return wanted == character ? at + Character.charCount(wanted) : -1;
  }

  private static boolean isNegated(String wanted, int at) {
    return at + 1 < wanted.length() && wanted.charAt(at + 1) == '!';
  }

  private static int inSet(String wanted, int open, int close, int character) {
    boolean negated = isNegated(wanted, open);
    int[] set = wanted.substring(open + (negated ? 2 : 1), close).codePoints().toArray();
    boolean found = false;
    for (int i = 0; i < set.length; i++) {
      boolean range = i + 2 < set.length && set[i + 1] == '-';
      int last = range ? set[i + 2] : set[i];
      found |= set[i] <= character && character <= last;
      i += range ? 2 : 0;
    }
    return found == negated ? -1 : close + 1;
  }
}
