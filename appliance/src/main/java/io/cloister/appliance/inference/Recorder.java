package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Latency;
import io.cloister.appliance.inference.ModelStats.Recent;
import io.cloister.appliance.inference.ModelStats.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what one model version does. */
final class Recorder {
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int STEPS = 180;

  private static final class Step {
    final Histogram answered = new Histogram();
    long number = -1;
    long failures;
  }

  private final Map<String, Long> failures = new TreeMap<>();
  private final Histogram answered = new Histogram();
  private final Step[] steps = new Step[STEPS];
  private Work work = Work.NONE;

  Recorder() {
    for (int i = 0; i < STEPS; i++) {
      steps[i] = new Step();
    }
  }

  synchronized void answered(Instant now, Duration took) {
    double millis = took.toNanos() / 1e6;
    answered.add(millis);
    begin(now).answered.add(millis);
  }

  synchronized void ran(Work more) {
    work = work.plus(more);
  }

  synchronized Work work() {
    return work;
  }

  synchronized void failed(Instant now, InferenceRefusal refusal) {
    failures.merge(refusal.kind(), 1L, Long::sum);
    begin(now).failures++;
  }

  /** The step of this instant, emptied of what was there a quarter of an hour ago. */
  private Step begin(Instant now) {
    long number = number(now);
    Step step = at(number);
    if (step.number != number) {
      step.number = number;
      step.failures = 0;
      step.answered.clear();
    }
    return step;
  }

  private static long number(Instant now) {
    return now.getEpochSecond() / STEP.toSeconds();
  }

  private Step at(long number) {
    return steps[(int) Math.floorMod(number, (long) STEPS)];
  }

  synchronized long requests() {
    return answered.count() + failures.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized Map<String, Long> failures() {
    return Map.copyOf(failures);
  }

  synchronized Latency latency() {
    return answered.latency();
  }

  /** Of the answers of the last quarter of an hour. */
  synchronized Latency recentLatency(Instant now) {
    Histogram sum = new Histogram();
    long last = number(now);
    for (Step step : steps) {
      if (step.number > last - STEPS && step.number <= last) {
        sum.add(step.answered);
      }
    }
    return sum.latency();
  }

  /** The last quarter of an hour in steps of five seconds, the quiet ones too. */
  synchronized List<Recent> recent(Instant now) {
    long last = number(now);
    List<Recent> recent = new ArrayList<>(STEPS);
    for (long number = last - STEPS + 1; number <= last; number++) {
      Instant start = Instant.ofEpochSecond(number * STEP.toSeconds());
      Step step = at(number);
      recent.add(step.number == number ? of(start, step) : new Recent(start, 0, 0, 0, 0));
    }
    return recent;
  }

  private static Recent of(Instant start, Step step) {
    Histogram answered = step.answered;
    return new Recent(
        start,
        answered.count() + step.failures,
        step.failures,
        answered.meanMillis(),
        answered.maxMillis());
  }
}
