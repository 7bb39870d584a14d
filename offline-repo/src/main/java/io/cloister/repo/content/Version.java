package io.cloister.repo.content;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release or model version: Semantic Versioning 2.0.0 without build metadata, ordered by its §11.
 *
 * @param suffix pre-release identifiers joined by dots, or empty
 */
public record Version(long major, long minor, long patch, String suffix)
    implements Comparable<Version> {
  private static final Pattern FORM =
      Pattern.compile(
          "(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})"
              + "(?:-((?:0|[1-9][0-9]*|[0-9]*[a-z-][0-9a-z-]*)"
              + "(?:\\.(?:0|[1-9][0-9]*|[0-9]*[a-z-][0-9a-z-]*))*))?");
  private static final int CHARACTERS_MAX = 64;

  /** Throws IllegalArgumentException on anything but e.g. {@code 1.2.0} or {@code 1.2.0-rc.1}. */
  public static Version parse(String text) {
    Matcher matcher = FORM.matcher(text.length() <= CHARACTERS_MAX ? text : "");
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a version of the form 1.2.0 or 1.2.0-rc.1");
    }
    String suffix = matcher.group(4) == null ? "" : matcher.group(4);
    return new Version(number(matcher, 1), number(matcher, 2), number(matcher, 3), suffix);
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }

  @Override
  public int compareTo(Version other) {
    long[] mine = {major, minor, patch};
    long[] others = {other.major, other.minor, other.patch};
    int byNumbers = Arrays.compare(mine, others);
    return byNumbers == 0 ? compareSuffixes(suffix, other.suffix) : byNumbers;
  }

  /** §11.3 and §11.4: a pre-release comes before its release; identifiers compare in turn. */
  private static int compareSuffixes(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    String[] left = a.split("\\.", -1);
    String[] right = b.split("\\.", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = compareIdentifiers(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int compareIdentifiers(String a, String b) {
    boolean numericA = a.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean numericB = b.chars().allMatch(c -> c >= '0' && c <= '9');
    if (numericA && numericB) {
      // No leading zeros, so the longer number is the larger one.
      int byLength = Integer.compare(a.length(), b.length());
      return byLength == 0 ? a.compareTo(b) : byLength;
    }
    return numericA == numericB ? a.compareTo(b) : Boolean.compare(numericB, numericA);
  }

  @Override
  public String toString() {
    String release = major + "." + minor + "." + patch;
    return suffix.isEmpty() ? release : release + "-" + suffix;
  }
}
