package io.cloister.installer.host;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may have at most, and what it starts (getrlimit(2)).
 *
 * @param byName as {@code /proc/self/limits} names them, e.g. {@code Max open files}
 */
public record Limits(Map<String, Limit> byName) {
  public static final String FILE_BYTES = "Max file size";
  public static final String DATA_BYTES = "Max data size";
  public static final String ADDRESS_BYTES = "Max address space";
  public static final String OPEN_FILES = "Max open files";
  public static final String PROCESSES = "Max processes";
  public static final long UNLIMITED = Long.MAX_VALUE;

  private static final Pattern LINE =
      Pattern.compile("(?m)^(Max [a-z ]+?) {2,}(unlimited|\\d{1,18}) +(unlimited|\\d{1,18})\\b");

  /**
   * One of them.
   *
   * @param soft what holds now
   * @param hard how far the process may raise it
   */
  public record Limit(long soft, long hard) {
    static final Limit NONE = new Limit(UNLIMITED, UNLIMITED);
  }

  public Limits {
    byName = Map.copyOf(byName);
  }

  static Limits parse(String limits) {
    Map<String, Limit> byName = new HashMap<>();
    Matcher line = LINE.matcher(limits);
    while (line.find()) {
      byName.put(line.group(1), new Limit(number(line.group(2)), number(line.group(3))));
    }
    return new Limits(byName);
  }

  private static long number(String text) {
    return text.equals("unlimited") ? UNLIMITED : Long.parseLong(text);
  }

  /** What is not named is not limited. */
  public Limit get(String name) {
    return byName.getOrDefault(name, Limit.NONE);
  }
}
