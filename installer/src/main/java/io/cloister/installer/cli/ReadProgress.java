package io.cloister.installer.cli;

import io.cloister.installer.console.Step;
import io.cloister.repo.content.Progress;
import java.util.concurrent.atomic.AtomicInteger;

/** Moves the bar of a step, and remembers what parity had to mend. */
final class ReadProgress implements Progress {
  private final Step step;
  private final AtomicInteger repaired = new AtomicInteger();

  ReadProgress(Step step) {
    this.step = step;
  }

  @Override
  public void advance(long bytes) {
    step.advance(bytes);
  }

  @Override
  public void repaired(String file) {
    repaired.incrementAndGet();
  }

  /** When all is read: a medium that needed mending will need more of it. */
  void warn(Session session) {
    if (repaired.get() > 0) {
      session.say(
          "warning: %d chunks could not be read and were made again from parity, and proven; copy the medium to a new one"
              .formatted(repaired.get()));
    }
  }
}
