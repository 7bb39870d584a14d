package io.cloister.appliance.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Requests in the order in which they are served: by priority, then callers in turn, then as they
 * came. Not thread-safe.
 */
final class Waiting {
  /** By priority, then by caller; the caller whose turn it is comes first. No empty queue stays. */
  private final TreeMap<Integer, Map<String, Deque<Pending>>> levels = new TreeMap<>();

  private int size;

  int size() {
    return size;
  }

  void add(Pending pending) {
    queue(pending).addLast(pending);
    size++;
  }

  /** Before all others of its caller. */
  void addFirst(Pending pending) {
    queue(pending).addFirst(pending);
    size++;
  }

  private Deque<Pending> queue(Pending pending) {
    return levels
        .computeIfAbsent(pending.priority(), _ -> new LinkedHashMap<>())
        .computeIfAbsent(pending.caller(), _ -> new ArrayDeque<>());
  }

  /** The next one; its caller goes to the end of the line. */
  Optional<Pending> poll() {
    if (size == 0) {
      return Optional.empty();
    }
    Map<String, Deque<Pending>> level = levels.firstEntry().getValue();
    Map.Entry<String, Deque<Pending>> turn = level.entrySet().iterator().next();
    Deque<Pending> queue = turn.getValue();
    Pending next = queue.removeFirst();
    size--;
    level.remove(turn.getKey());
    if (!queue.isEmpty()) {
      level.put(turn.getKey(), queue);
    } else if (level.isEmpty()) {
      levels.pollFirstEntry();
    }
    return Optional.of(next);
  }

  /**
   * How many are served before a newcomer, were it added now: all of higher priority, its caller's
   * own, and of others what their turns allow until its own.
   */
  int countBefore(Pending newcomer) {
    if (size == 0) {
      return 0;
    }
    int before = 0;
    for (Map<String, Deque<Pending>> level : levels.headMap(newcomer.priority()).values()) {
      before += level.values().stream().mapToInt(Deque::size).sum();
    }
    Map<String, Deque<Pending>> level = levels.getOrDefault(newcomer.priority(), Map.of());
    Deque<Pending> own = level.get(newcomer.caller());
    int turns = own == null ? 1 : own.size() + 1;
    for (Map.Entry<String, Deque<Pending>> each : level.entrySet()) {
      if (each.getKey().equals(newcomer.caller())) {
        // Whoever comes later in the line has a turn less.
        turns--;
      }
      before += Math.min(each.getValue().size(), turns);
    }
    return before;
  }

  /** Whether some are of that form and have room. */
  boolean hasLike(Form form, long rowsMax) {
    return all().stream().anyMatch(each -> isLike(each, form) && each.rows() <= rowsMax);
  }

  private static boolean isLike(Pending pending, Form form) {
    return pending.form().filter(form::equals).isPresent();
  }

  /** Takes out those of that form that have room, in order. */
  List<Pending> pollLike(Form form, long rowsMax) {
    List<Pending> found = new ArrayList<>();
    long rows = 0;
    for (Iterator<Pending> all = all().iterator(); all.hasNext() && rows < rowsMax; ) {
      Pending each = all.next();
      if (isLike(each, form) && rows + each.rows() <= rowsMax) {
        rows += each.rows();
        found.add(each);
      }
    }
    found.forEach(this::remove);
    return found;
  }

  /** All of them, those of one caller together. */
  List<Pending> all() {
    return levels.values().stream()
        .flatMap(level -> level.values().stream())
        .flatMap(Deque::stream)
        .toList();
  }

  void remove(Pending pending) {
    Map<String, Deque<Pending>> level = levels.get(pending.priority());
    Deque<Pending> queue = level == null ? null : level.get(pending.caller());
    if (level == null || queue == null || !queue.remove(pending)) {
      return;
    }
    size--;
    if (queue.isEmpty()) {
      level.remove(pending.caller());
    }
    if (level.isEmpty()) {
      levels.remove(pending.priority());
    }
  }

  /**
   * Takes out the newest request, of no higher priority, of the caller who has the most waiting,
   * where that is more than the newcomer would have: who asks little is not kept out by who asks
   * much.
   */
  Optional<Pending> pollFor(Pending newcomer) {
    Map<String, List<Pending>> others =
        all().stream()
            .filter(each -> each.priority() >= newcomer.priority())
            .collect(Collectors.groupingBy(Pending::caller));
    int own = others.getOrDefault(newcomer.caller(), List.of()).size();
    Optional<Pending> found =
        others.values().stream()
            .filter(each -> each.size() > own + 1)
            .max(Comparator.comparingInt(List::size))
            .map(List::getLast);
    found.ifPresent(this::remove);
    return found;
  }
}
