package io.cloister.appliance.inference;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The runs that a worker has, and whether it takes more. Not thread-safe. */
final class Running {
  private final int runsMax;
  private final long bytesMax;
  private final Set<Run> runs = Collections.newSetFromMap(new IdentityHashMap<>());
  private long bytes;

  /**
   * @param bytesMax of inputs: with more than that the worker takes none beside
   */
  Running(int runsMax, long bytesMax) {
    this.runsMax = runsMax;
    this.bytesMax = bytesMax;
  }

  /** Whether the worker has a thread and room for one more. */
  boolean takesMore() {
    return runs.size() < runsMax && bytes <= bytesMax;
  }

  /** Threads that have nothing to do. */
  int idle() {
    return Math.max(0, runsMax - runs.size());
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  void add(Run run) {
    runs.add(run);
    bytes += run.bytes();
  }

  void remove(Run run) {
    if (runs.remove(run)) {
      bytes -= run.bytes();
    }
  }

  void clear() {
    runs.clear();
    bytes = 0;
  }

  /**
   * Those that began before.
   *
   * @param nanos as of {@link System#nanoTime}
   */
  List<Run> begunBefore(long nanos) {
    return runs.stream().filter(run -> run.startNanos() - nanos < 0).toList();
  }

  Stream<Pending> members() {
    return runs.stream().flatMap(run -> run.members().stream());
  }
}
