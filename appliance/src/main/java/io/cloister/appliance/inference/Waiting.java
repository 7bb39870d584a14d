package io.cloister.appliance.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests in the order in which they are served: by priority, then callers in turn, then as they
 * came. Not thread-safe.
 */
final class Waiting {
  /** By priority, then by caller; the caller whose turn it is comes first. No empty queue stays. */
  private final TreeMap<Integer, Map<String, Deque<Pending>>> levels = new TreeMap<>();

  private int size;

  /** A caller's place in the line, and what of its requests was not looked at yet. */
  private record Turn(String caller, Iterator<Pending> requests) {}

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
    Pending next = turn.getValue().removeFirst();
    size--;
    endTurn(level, turn.getKey());
    if (level.isEmpty()) {
      levels.pollFirstEntry();
    }
    return Optional.of(next);
  }

  private static void endTurn(Map<String, Deque<Pending>> level, String caller) {
    Deque<Pending> queue = level.remove(caller);
    if (queue != null && !queue.isEmpty()) {
      level.put(caller, queue);
    }
  }

  /**
   * How many are served before a newcomer, were it added now: all of higher priority, its caller's
   * own, and of others what their turns allow until its own. Those that share others' runs make it
   * no later.
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
    for (Map<String, Deque<Pending>> level : levels.values()) {
      for (Deque<Pending> queue : level.values()) {
        if (findLike(queue.iterator(), form, rowsMax) != null) {
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable Pending findLike(Iterator<Pending> requests, Form form, long rowsMax) {
    while (requests.hasNext()) {
      Pending each = requests.next();
      if (each.rows() <= rowsMax
          && each.form().filter(form::equals).isPresent()
          && !each.answer().isDone()) {
        return each;
      }
    }
    return null;
  }

  /** Takes out those of that form that have room, by priority, of each caller in turn one. */
  List<Pending> pollLike(Form form, long rowsMax) {
    List<Pending> found = new ArrayList<>();
    long room = rowsMax;
    for (Map<String, Deque<Pending>> level : levels.values()) {
      Deque<Turn> line = new ArrayDeque<>();
      level.forEach((caller, queue) -> line.add(new Turn(caller, queue.iterator())));
      while (room > 0 && !line.isEmpty()) {
        Turn turn = line.removeFirst();
        Pending next = findLike(turn.requests(), form, room);
        if (next != null) {
          turn.requests().remove();
          endTurn(level, turn.caller());
          line.addLast(turn);
          found.add(next);
          room -= next.rows();
        }
      }
    }
    size -= found.size();
    levels.values().removeIf(Map::isEmpty);
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
    var others = levels.tailMap(newcomer.priority(), true);
    Map<String, Integer> counts = new HashMap<>();
    for (Map<String, Deque<Pending>> level : others.values()) {
      level.forEach((caller, queue) -> counts.merge(caller, queue.size(), Integer::sum));
    }
    int own = counts.getOrDefault(newcomer.caller(), 0);
    Optional<Pending> found =
        counts.entrySet().stream()
            .filter(each -> each.getValue() > own + 1)
            .max(Map.Entry.comparingByValue())
            .flatMap(most -> findNewest(others.descendingMap().values(), most.getKey()));
    found.ifPresent(this::remove);
    return found;
  }

  private static Optional<Pending> findNewest(
      Collection<Map<String, Deque<Pending>>> levels, String caller) {
    return levels.stream()
        .map(level -> Optional.ofNullable(level.get(caller)))
        .flatMap(Optional::stream)
        .map(Deque::getLast)
        .findFirst();
  }
}
