package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Bucket;
import io.cloister.appliance.inference.ModelStats.Latency;
import io.cloister.appliance.inference.ModelStats.Recent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what one model version does. */
final class Recorder {
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int STEPS = 180;

  /** Preferred numbers: each about 1.26 times the one before (ISO 3, series R10). */
  private static final int[] DECADE = {100, 125, 160, 200, 250, 315, 400, 500, 630, 800};

  /** From 0.1 ms to 800 s. */
  private static final int DECADES = 7;

  /** Upper bounds in milliseconds. */
  private static final double[] BOUNDS = bounds();

  /** Those told to others: 1, 2 and 5 of each decade. */
  private static final Set<Integer> TOLD = Set.of(100, 200, 500);

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

  private static double[] bounds() {
    double[] bounds = new double[DECADES * DECADE.length];
    long micros = 100;
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = micros * DECADE[i % DECADE.length] / 1e5;
      micros *= (i + 1) % DECADE.length == 0 ? 10 : 1;
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

  synchronized Latency latency() {
    List<Bucket> buckets = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < counts.length; i++) {
      count += counts[i];
      if (i == BOUNDS.length) {
        buckets.add(new Bucket(Double.POSITIVE_INFINITY, count));
      } else if (TOLD.contains(DECADE[i % DECADE.length])) {
        buckets.add(new Bucket(BOUNDS[i], count));
      }
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
