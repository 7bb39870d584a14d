package io.cloister.installer.support;

import java.util.SortedMap;
import java.util.TreeMap;

/** How often each kind of thing was left out of one entry. */
final class Redactions {
  private final SortedMap<String, Integer> counts = new TreeMap<>();

  void count(String kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  SortedMap<String, Integer> counts() {
    return new TreeMap<>(counts);
  }
}
