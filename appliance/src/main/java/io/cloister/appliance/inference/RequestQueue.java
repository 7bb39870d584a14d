package io.cloister.appliance.inference;

import io.cloister.appliance.inference.InferenceRefusal.QueueFull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The bounded queue in front of one worker, and the runs that the worker has. It outlives workers:
 * what waits when one crashes is given to the next.
 */
final class RequestQueue {
  private static final double NEWEST_SHARE = 0.1;
  private static final double NANOS_PER_SECOND = 1e9;

  private final int waitingMax;
  private final int runningMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Pending> waiting = new ArrayDeque<>();

  /** Each run with {@link System#nanoTime()} at its start. */
  private final Map<Pending, Long> running = new HashMap<>();

  private boolean closed;

  /** Of a run, averaged with the newest ones weighing most. */
  private double runNanos;

  /**
   * @param runningMax runs that the worker takes at once
   */
  RequestQueue(int waitingMax, int runningMax) {
    this.waitingMax = waitingMax;
    this.runningMax = runningMax;
  }

  /**
   * Admits a request.
   *
   * @return false when the queue is closed
   * @throws InferenceException when as many wait as may
   */
  boolean offer(Pending pending) throws InferenceException {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      int free = runningMax - running.size();
      if (waiting.size() >= waitingMax + free) {
        long seconds = (long) Math.ceil(waiting.size() * runNanos / runningMax / NANOS_PER_SECOND);
        throw new InferenceException(
            new QueueFull(waiting.size(), Duration.ofSeconds(Math.clamp(seconds, 1, 60))));
      }
      waiting.addLast(pending);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a request that may run now, and counts it as running.
   *
   * @param gone whether the worker has ended; {@link #wake} after it changed
   * @return empty when the worker has gone, or the queue is closed and everything answered
   */
  Optional<Pending> take(BooleanSupplier gone) throws InterruptedException {
    lock.lock();
    try {
      while (!gone.getAsBoolean()) {
        if (running.size() < runningMax && !waiting.isEmpty()) {
          Pending next = waiting.removeFirst();
          running.put(next, System.nanoTime());
          return Optional.of(next);
        }
        if (closed && waiting.isEmpty() && running.isEmpty()) {
          return Optional.empty();
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Finished well; how long that took tells the next ones when to come again. */
  void answered(Pending pending) {
    lock.lock();
    try {
      Long start = running.get(pending);
      if (start != null) {
        runNanos += (System.nanoTime() - start - runNanos) * NEWEST_SHARE;
      }
    } finally {
      lock.unlock();
    }
    finished(pending);
  }

  void finished(Pending pending) {
    lock.lock();
    try {
      running.remove(pending);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** A request that no worker got after all is the next to run. */
  void putBack(Pending pending) {
    lock.lock();
    try {
      running.remove(pending);
      waiting.addFirst(pending);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a request that nobody waits for any more; one that runs goes on. */
  void withdraw(Pending pending) {
    lock.lock();
    try {
      waiting.remove(pending);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Runs that began longer ago than that. */
  List<Pending> findOverdue(Duration limit) {
    long now = System.nanoTime();
    lock.lock();
    try {
      return running.entrySet().stream()
          .filter(run -> now - run.getValue() > limit.toNanos())
          .map(Map.Entry::getKey)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Everything that waits leaves the queue. */
  List<Pending> clear() {
    lock.lock();
    try {
      List<Pending> all = new ArrayList<>(waiting);
      waiting.clear();
      changed.signal();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Admits no more; what waits still runs. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits that long, or until the queue is closed. */
  void awaitClosed(Duration time) throws InterruptedException {
    lock.lock();
    try {
      long left = time.toNanos();
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  int depth() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
