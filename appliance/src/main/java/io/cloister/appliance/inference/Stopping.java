package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelRefused;
import java.util.HashSet;
import java.util.Set;

/**
 * Interrupts what takes long when the appliance stops: loading a model and asking it, and nothing
 * else of those threads. An interrupt must not meet a file of the database.
 */
final class Stopping {
  private final Set<Thread> working = new HashSet<>();
  private boolean begun;

  /** Does that, unless and until the appliance stops. */
  <T> T run(TimeLimit.Work<T> work) throws ModelRefused, InterruptedException {
    begin();
    try {
      return work.run();
    } catch (ModelRefused | RuntimeException e) {
      // An interrupted read or a worker that is ended fails in its own words.
      check();
      throw e;
    } finally {
      end();
    }
  }

  private synchronized void begin() throws InterruptedException {
    check();
    working.add(Thread.currentThread());
  }

  private synchronized void check() throws InterruptedException {
    if (begun) {
      throw new InterruptedException("the appliance is stopping");
    }
  }

  /** The thread goes on without the interrupt that was made here. */
  private synchronized void end() {
    working.remove(Thread.currentThread());
    if (begun) {
      Thread.interrupted();
    }
  }

  synchronized void stop() {
    begun = true;
    working.forEach(Thread::interrupt);
  }
}
