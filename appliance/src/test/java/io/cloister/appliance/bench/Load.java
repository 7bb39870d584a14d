package io.cloister.appliance.bench;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Callers, each of which asks again as soon as it has its answer. */
public final class Load {
  /** One caller's side; made and used by one thread. */
  public interface Caller extends Closeable {
    /** Asks once and waits for the answer; anything but a good one is an exception. */
    void ask() throws Exception;

    @Override
    default void close() throws IOException {}
  }

  /** Makes a caller. */
  @FunctionalInterface
  public interface Callers {
    Caller open() throws Exception;
  }

  private final Callers callers;
  private final int count;
  private final ProcessTree server;
  private final int each;

  /** One answer for each time it is asked. */
  public Load(Callers callers, int count, ProcessTree server) {
    this(callers, count, server, 1);
  }

  /**
   * @param each answers that one question brings
   * @param server what answers; this very process where nothing is between
   */
  public Load(Callers callers, int count, ProcessTree server, int each) {
    this.each = each;
    this.callers = callers;
    this.count = count;
    this.server = server;
  }

  public Round run(Duration time) throws InterruptedException, ExecutionException {
    ProcessTree own = ProcessTree.own();
    boolean apart = !server.equals(own);
    long serverBefore = server.cpuNanos();
    long ownBefore = ownNanos();
    long start = System.nanoTime();
    long[] latencies = latencies(start + time.toNanos());
    double seconds = (System.nanoTime() - start) / 1e9;
    double serverMicros = apart ? (server.cpuNanos() - serverBefore) / 1e3 : 0;
    double ownMicros = (ownNanos() - ownBefore) / 1e3;
    int asked = latencies.length;
    long answers = (long) asked * each;
    return new Round(
        answers,
        seconds,
        latencies[asked / 2] / 1e6,
        latencies[(int) (asked * 0.99)] / 1e6,
        serverMicros / answers,
        ownMicros / answers);
  }

  private static long ownNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private long[] latencies(long end) throws InterruptedException, ExecutionException {
    List<Future<long[]>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int i = 0; i < count; i++) {
        all.add(threads.submit(() -> ask(end)));
      }
    }
    LongStream latencies = LongStream.empty();
    for (Future<long[]> each : all) {
      latencies = LongStream.concat(latencies, Arrays.stream(each.get()));
    }
    return latencies.sorted().toArray();
  }

  private long[] ask(long end) throws Exception {
    LongStream.Builder latencies = LongStream.builder();
    try (Caller caller = callers.open()) {
      for (long start = System.nanoTime(); start < end; ) {
        caller.ask();
        long answered = System.nanoTime();
        latencies.add(answered - start);
        start = answered;
      }
    }
    return latencies.build().toArray();
  }
}
