package io.cloister.appliance.observe;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each listener answered with each status, whether or not a model was named. */
public final class ResponseCounts {
  private final Map<String, Map<Integer, LongAdder>> counts = new ConcurrentHashMap<>();

  void add(String listener, int status) {
    counts
        .computeIfAbsent(listener, name -> new ConcurrentHashMap<>())
        .computeIfAbsent(status, code -> new LongAdder())
        .increment();
  }

  /** Listener to status to count, in order. */
  Map<String, Map<Integer, Long>> read() {
    Map<String, Map<Integer, Long>> read = new TreeMap<>();
    counts.forEach(
        (listener, statuses) -> {
          Map<Integer, Long> sums = new TreeMap<>();
          statuses.forEach((status, count) -> sums.put(status, count.sum()));
          read.put(listener, sums);
        });
    return read;
  }
}
