package io.cloister.appliance.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;

/**
 * Runs loads in turns and prints what each came to, beside the first.
 *
 * @param warmUp of each before the first round, the least; it goes on while compilers make answers
 *     cheaper
 * @param time of one round of one load
 * @param only those whose names have this in them
 */
public record Comparison(Duration warmUp, int rounds, Duration time, String only) {
  private static final int WARM_UPS_MAX = 8;

  /** Of the processor time for an answer: what is still gained from one warm-up to the next. */
  private static final double GAIN = 0.95;

  /** Measures those that are wanted; nothing where none is. */
  public void run(String title, Map<String, Load> loads)
      throws InterruptedException, ExecutionException {
    Map<String, Load> wanted = new LinkedHashMap<>(loads);
    wanted.keySet().removeIf(name -> !(title + ": " + name).contains(only));
    for (Load load : wanted.values()) {
      warmUp(load);
    }
    Map<String, List<Round>> all = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Map.Entry<String, Load> each : wanted.entrySet()) {
        Round round = each.getValue().run(time);
        all.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(round);
      }
    }
    if (!all.isEmpty()) {
      print(title, all);
    }
  }

  /** Until compilers make its answers no cheaper. */
  public void warmUp(Load load) throws InterruptedException, ExecutionException {
    double before = Double.MAX_VALUE;
    for (int i = 0; i < WARM_UPS_MAX; i++) {
      double now = load.run(warmUp).cpuMicros();
      if (now > before * GAIN) {
        return;
      }
      before = now;
    }
  }

  /** Whether anything of that topic may be wanted: nobody starts servers that nobody asks. */
  public boolean wantsAnyOf(String topic) {
    return only.isEmpty() || only.contains(topic);
  }

  private static void print(String title, Map<String, List<Round>> all) {
    System.out.println(title);
    System.out.printf(
        "  %-32s %9s %8s %8s %7s %9s %9s %19s %7s%n",
        "",
        "answers/s",
        "p50 ms",
        "p99 ms",
        "p99/p50",
        "server µs",
        "caller µs",
        "CPU ×",
        "rate ×");
    List<Round> first = all.values().iterator().next();
    all.forEach((name, own) -> print(name, own, first));
    System.out.println();
  }

  /** The ratios say how many times cheaper and faster it is than the first, round by round. */
  private static void print(String name, List<Round> own, List<Round> first) {
    List<Double> cpu = new ArrayList<>();
    List<Double> rate = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      cpu.add(first.get(i).cpuMicros() / own.get(i).cpuMicros());
      rate.add(own.get(i).perSecond() / first.get(i).perSecond());
    }
    double[] sorted = sorted(cpu, Double::doubleValue);
    System.out.printf(
        "  %-32s %9.0f %8.3f %8.3f %7.1f %9.1f %9.1f %6.2f (%4.2f to %4.2f) %6.2f%n",
        name,
        median(own, Round::perSecond),
        median(own, Round::p50Millis),
        median(own, Round::p99Millis),
        median(own, round -> round.p99Millis() / round.p50Millis()),
        median(own, Round::serverMicros),
        median(own, Round::clientMicros),
        sorted[sorted.length / 2],
        sorted[0],
        sorted[sorted.length - 1],
        median(rate, Double::doubleValue));
  }

  private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
    double[] sorted = sorted(all, figure);
    return sorted[sorted.length / 2];
  }

  private static <T> double[] sorted(List<T> all, ToDoubleFunction<T> figure) {
    return all.stream().mapToDouble(figure).sorted().toArray();
  }
}
