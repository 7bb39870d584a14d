package io.cloister.installer.host;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What calculates here.
 *
 * @param model as it calls itself; empty where it does not say
 * @param count of processors that this process may use
 * @param features as Linux names them (arch/x86/include/asm/cpufeatures.h), e.g. {@code avx2}
 */
public record Processor(String model, int count, Set<String> features) {
  private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.*)$");
  private static final Pattern FLAGS = Pattern.compile("(?m)^flags\\s*: (.*)$");

  public Processor {
    features = Set.copyOf(features);
  }

  /** From the first block of {@code /proc/cpuinfo}; the others are the same. */
  static Processor parse(String cpuinfo, int count) {
    Matcher flags = FLAGS.matcher(cpuinfo);
    Matcher model = MODEL.matcher(cpuinfo);
    return new Processor(
        model.find() ? model.group(1).strip() : "",
        count,
        flags.find() ? Set.copyOf(List.of(flags.group(1).strip().split("\\s+"))) : Set.of());
  }
}
