package io.cloister.appliance.inference;

import io.cloister.appliance.inference.InferenceRefusal.QueueFull;
import io.cloister.appliance.inference.InferenceRefusal.WaitTooLong;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The bounded queue in front of one worker, and the runs that the worker has. It outlives workers:
 * what waits when one crashes is given to the next.
 */
final class RequestQueue {
  private final QueueBounds bounds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Waiting waiting = new Waiting();
  private final Running running;
  private final RunCosts costs;
  private final RunAssembly assembly;
  private boolean closed;

  /** Why nothing runs any more. */
  private Optional<InferenceRefusal> ended = Optional.empty();

  RequestQueue(QueueBounds bounds, RunCosts costs) {
    this.bounds = bounds;
    this.costs = costs;
    this.running = new Running(bounds.runningMax(), bounds.runningBytes());
    this.assembly = new RunAssembly(waiting, costs, bounds.rowsMax(), bounds.runTime());
  }

  /**
   * Admits a request. Where as many wait as may, it takes the place of one whose caller has more.
   *
   * @return false when the queue is closed
   * @throws InferenceException when there is no place, or its turn would come too late for it
   */
  boolean offer(Pending pending) throws InferenceException {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      // Only then is anybody's place taken.
      refuseLate(pending);
      if (waiting.size() >= bounds.waitingMax() + running.idle()) {
        Pending displaced =
            waiting.pollFor(pending).orElseThrow(() -> new InferenceException(full()));
        waiting.add(pending);
        displaced.refuse(full());
      } else {
        waiting.add(pending);
      }
      if (running.takesMore()) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** For what is served before it, and not for all that waits. */
  private void refuseLate(Pending pending) throws InferenceException {
    int before = waiting.countBefore(pending);
    double wait = costs.waitNanos(before, bounds.runningMax());
    if (before > 0 && wait > pending.nanosLeft()) {
      throw new InferenceException(
          new WaitTooLong(Duration.ofNanos((long) wait), RunCosts.retry(wait)));
    }
  }

  private QueueFull full() {
    int all = waiting.size();
    return new QueueFull(all, RunCosts.retry(costs.waitNanos(all, bounds.runningMax())));
  }

  /**
   * Waits for a request that may run now, and takes with it those that may share its run.
   *
   * @param gone whether the worker has ended; {@link #wake} after it changed
   * @return empty when the worker has gone, or the queue is closed and everything answered
   */
  Optional<Run> take(BooleanSupplier gone) throws InterruptedException {
    lock.lock();
    try {
      while (!gone.getAsBoolean()) {
        Optional<Run> next = poll();
        if (next.isPresent()) {
          return next;
        }
        if (done()) {
          return Optional.empty();
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Empty where nothing waits, or the worker has what it takes. */
  private Optional<Run> poll() {
    while (running.takesMore()) {
      Optional<Pending> next = waiting.poll();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (next.get().wanted()) {
        Run run = assembly.begin(next.get());
        running.add(run);
        return Optional.of(run);
      }
    }
    return Optional.empty();
  }

  /** Finished well; how long that took tells the next ones when to come again. */
  void answered(Run run) {
    lock.lock();
    try {
      costs.add(run);
      running.remove(run);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Likewise. What may run in its place; whoever waits to take is woken only for more than that.
   */
  Optional<Run> next(Run answered) {
    lock.lock();
    try {
      costs.add(answered);
      running.remove(answered);
      Optional<Run> next = poll();
      if (next.isEmpty() ? closed : waiting.size() > 0 && running.takesMore()) {
        changed.signal();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  void finished(Run run) {
    lock.lock();
    try {
      running.remove(run);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Requests that no worker answered after all are the next to run, while there is a next. */
  void putBack(Run run) {
    lock.lock();
    try {
      running.remove(run);
      ended.ifPresentOrElse(
          why -> run.members().forEach(member -> member.refuse(why)),
          () ->
              run.members().reversed().stream().filter(Pending::wanted).forEach(waiting::addFirst));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a request that nobody waits for any more; a run that it is part of goes on. */
  void withdraw(Pending pending) {
    pending.answer().cancel(false);
    lock.lock();
    try {
      waiting.remove(pending);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Runs that began longer ago than their limit. */
  List<Run> findOverdue() {
    long now = System.nanoTime();
    lock.lock();
    try {
      return running.begunBefore(now - bounds.runTime().toNanos());
    } finally {
      lock.unlock();
    }
  }

  /** Ends what nobody waits for any more; a run that it is part of goes on. */
  void endUnwanted() {
    for (Pending each : unanswered()) {
      each.findEnd()
          .ifPresent(
              why -> {
                each.refuse(why);
                withdraw(each);
              });
    }
  }

  private List<Pending> unanswered() {
    lock.lock();
    try {
      return Stream.concat(waiting.all().stream(), running.members()).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Everything that waits leaves the queue. */
  List<Pending> clear() {
    lock.lock();
    try {
      List<Pending> all = waiting.all();
      all.forEach(waiting::remove);
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

  /** Admits no more, and refuses what it has and what is put back from now on. */
  void end(InferenceRefusal why) {
    lock.lock();
    try {
      closed = true;
      ended = Optional.of(why);
      running.members().forEach(each -> each.refuse(why));
      running.clear();
      clear().forEach(each -> each.refuse(why));
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

  /** Whether nothing runs, and nothing will. */
  boolean done() {
    lock.lock();
    try {
      return closed && waiting.size() == 0 && running.isEmpty();
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
