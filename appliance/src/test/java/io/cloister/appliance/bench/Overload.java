package io.cloister.appliance.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * More callers than the queue has places: what becomes of those that are admitted, and the rest.
 */
public final class Overload {
  private static final int OK = 200;
  private static final int BUSY = 429;
  private static final int UNAVAILABLE = 503;

  /** Makes a connection. */
  @FunctionalInterface
  public interface Connections {
    HttpCaller open() throws Exception;
  }

  /** An answer, and when it came. */
  private record Told(int status, boolean saysWhenToTryAgain, double millis) {}

  private final Connections connections;
  private final Duration pause;

  /**
   * @param pause of a caller that was refused
   */
  public Overload(Connections connections, Duration pause) {
    this.connections = connections;
    this.pause = pause;
  }

  /** Prints one line about so many callers. */
  public void run(String title, int callers, Duration time)
      throws InterruptedException, ExecutionException {
    List<Future<List<Told>>> all = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      for (int i = 0; i < callers; i++) {
        all.add(threads.submit(() -> ask(end)));
      }
    }
    List<Told> told = new ArrayList<>();
    for (Future<List<Told>> each : all) {
      told.addAll(each.get());
    }
    List<Told> refused = told.stream().filter(each -> each.status() != OK).toList();
    List<Told> answered = told.stream().filter(each -> each.status() == OK).toList();
    System.out.printf(
        "  %-32s answered %6d: p50 %7.1f ms, p99 %7.1f ms; refused %6d: p50 %6.1f ms, p99 %6.1f ms%n",
        title,
        answered.size(),
        share(answered, 0.5),
        share(answered, 0.99),
        refused.size(),
        share(refused, 0.5),
        share(refused, 0.99));
  }

  private List<Told> ask(long end) throws Exception {
    List<Told> told = new ArrayList<>();
    try (HttpCaller caller = connections.open()) {
      for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
        HttpCaller.Answer answer = caller.exchange();
        double millis = (System.nanoTime() - start) / 1e6;
        told.add(new Told(answer.status(), answer.saysWhenToTryAgain(), millis));
        if (answer.status() != OK) {
          check(answer);
          Thread.sleep(pause);
        }
      }
    }
    return told;
  }

  private static void check(HttpCaller.Answer answer) throws IOException {
    boolean known = answer.status() == BUSY || answer.status() == UNAVAILABLE;
    if (!known || !answer.saysWhenToTryAgain()) {
      throw new IOException("a refusal that does not say when to try again: " + answer);
    }
  }

  private static double share(List<Told> told, double share) {
    double[] millis = told.stream().mapToDouble(Told::millis).sorted().toArray();
    return millis.length == 0 ? 0 : millis[(int) (millis.length * share)];
  }
}
