package io.cloister.appliance.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Callers that ask again as soon as they have an answer, until closed. */
final class Load implements AutoCloseable {
  /** One question. */
  interface Question {
    Object ask() throws Exception;
  }

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers = new ArrayList<>();

  Load(int callers, Question question) {
    for (int i = 0; i < callers; i++) {
      this.callers.add(Thread.ofVirtual().start(() -> ask(question)));
    }
  }

  private void ask(Question question) {
    while (!over.get()) {
      try {
        question.ask();
        answers.incrementAndGet();
      } catch (Exception e) {
        failures.add(e);
      }
    }
  }

  /** Waits for that many answers from now. */
  void awaitAnswers(long more) throws InterruptedException {
    long until = answers.get() + more;
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (answers.get() < until) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no " + more + " answers in 30 s but " + failures.peek());
      }
      Thread.sleep(5);
    }
  }

  List<Exception> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    over.set(true);
    try {
      for (Thread caller : callers) {
        caller.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
