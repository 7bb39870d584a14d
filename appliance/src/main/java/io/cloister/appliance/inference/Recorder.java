package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Bucket;
import io.cloister.appliance.inference.ModelStats.Latency;
import io.cloister.appliance.inference.ModelStats.Recent;
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

  /** Upper bounds in milliseconds, each 1.5 times the one before: 0.1 ms to 3 minutes. */
  private static final double[] BOUNDS = bounds(36);

  private static final class Step {
    long number = -1;
    long requests;
    long failures;
    long answered;
    double sumMillis;
    double maxMillis;
  }

  private final Map<String, Long> failures = new TreeMap<>();
  private final long[] counts = new long[BOUNDS.length + 1];
  private final Step[] steps = new Step[STEPS];
  private long requests;
  private long answered;
  private double sumMillis;
  private double maxMillis;

  Recorder() {
    for (int i = 0; i < STEPS; i++) {
      steps[i] = new Step();
    }
  }

  private static double[] bounds(int count) {
    double[] bounds = new double[count];
    double bound = 0.1;
    for (int i = 0; i < count; i++) {
      bounds[i] = bound;
      bound *= 1.5;
    }
    return bounds;
  }

  synchronized void answered(Instant now, Duration took) {
    double millis = took.toNanos() / 1e6;
    requests++;
    answered++;
    sumMillis += millis;
    maxMillis = Math.max(maxMillis, millis);
    int bucket = 0;
    while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    Step step = step(now);
    step.requests++;
    step.answered++;
    step.sumMillis += millis;
    step.maxMillis = Math.max(step.maxMillis, millis);
  }

  synchronized void failed(Instant now, InferenceRefusal refusal) {
    requests++;
    failures.merge(refusal.kind(), 1L, Long::sum);
    Step step = step(now);
    step.requests++;
    step.failures++;
  }

  private Step step(Instant now) {
    long number = now.getEpochSecond() / STEP.toSeconds();
    Step step = steps[(int) Math.floorMod(number, (long) STEPS)];
    if (step.number != number) {
      step.number = number;
      step.requests = 0;
      step.failures = 0;
      step.answered = 0;
      step.sumMillis = 0;
      step.maxMillis = 0;
    }
    return step;
  }

  synchronized long requests() {
    return requests;
  }

  synchronized Map<String, Long> failures() {
    return Map.copyOf(failures);
  }

  /** Mean of all answers so far; 0 before the first. */
  synchronized double meanMillis() {
    return answered == 0 ? 0 : sumMillis / answered;
  }

  synchronized Latency latency() {
    List<Bucket> buckets = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < counts.length; i++) {
      count += counts[i];
      double bound = i < BOUNDS.length ? BOUNDS[i] : Double.POSITIVE_INFINITY;
      buckets.add(new Bucket(bound, count));
    }
    return new Latency(answered, sumMillis, quantile(0.5), quantile(0.99), maxMillis, buckets);
  }

  /** Between the bounds of its bucket, by rank. */
  private double quantile(double share) {
    double rank = share * answered;
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        double low = i == 0 ? 0 : BOUNDS[i - 1];
        double high = i < BOUNDS.length ? Math.min(BOUNDS[i], maxMillis) : maxMillis;
        return low + (high - low) * (rank - below) / counts[i];
      }
      below += counts[i];
    }
    return 0;
  }

  /** The last quarter of an hour in steps of five seconds, the quiet ones too. */
  synchronized List<Recent> recent(Instant now) {
    long last = now.getEpochSecond() / STEP.toSeconds();
    List<Recent> recent = new ArrayList<>(STEPS);
    for (long number = last - STEPS + 1; number <= last; number++) {
      Step step = steps[(int) Math.floorMod(number, (long) STEPS)];
      Instant start = Instant.ofEpochSecond(number * STEP.toSeconds());
      boolean current = step.number == number;
      recent.add(
          current
              ? new Recent(
                  start,
                  step.requests,
                  step.failures,
                  step.answered == 0 ? 0 : step.sumMillis / step.answered,
                  step.maxMillis)
              : new Recent(start, 0, 0, 0, 0));
    }
    return recent;
  }
}
