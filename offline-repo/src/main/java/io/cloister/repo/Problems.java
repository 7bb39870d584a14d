package io.cloister.repo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a command met at once, as a person reads it. A stick that was pulled out gives a problem for
 * each of thousands of blobs, and a serial console shows a line in 80 ms.
 *
 * @param all in the order they are read
 */
public record Problems(List<Problem> all) {
  private static final int SHOWN_MAX = 20;

  public Problems {
    all = List.copyOf(all);
  }

  /** The first of them, which are printed whole. */
  public List<Problem> shown() {
    return all.subList(0, Math.min(SHOWN_MAX, all.size()));
  }

  /** How many more there are of each code; empty where all are shown. */
  public Optional<String> rest() {
    List<Problem> rest = all.subList(shown().size(), all.size());
    Map<String, Long> counts =
        rest.stream()
            .map(Problem::code)
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    String words =
        counts.entrySet().stream()
            .map(each -> "%d of %s".formatted(each.getValue(), each.getKey()))
            .collect(Collectors.joining(", "));
    return rest.isEmpty()
        ? Optional.empty()
        : Optional.of("and %d more: %s".formatted(rest.size(), words));
  }
}
