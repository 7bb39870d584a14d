package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Bucket;
import io.cloister.appliance.inference.ModelStats.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Times in milliseconds, counted in buckets: small enough to keep one for every few seconds. */
final class Histogram {
  /** Preferred numbers: each about 1.26 times the one before (ISO 3, series R10). */
  private static final int[] DECADE = {100, 125, 160, 200, 250, 315, 400, 500, 630, 800};

  /** From 0.1 ms to 800 s. */
  private static final int DECADES = 7;

  /** Upper bounds in milliseconds. */
  private static final double[] BOUNDS = bounds();

  /** Those told to others: 1, 2 and 5 of each decade. */
  private static final Set<Integer> TOLD = Set.of(100, 200, 500);

  private final long[] counts = new long[BOUNDS.length + 1];
  private long count;
  private double sumMillis;
  private double minMillis = Double.POSITIVE_INFINITY;
  private double maxMillis;

  private static double[] bounds() {
    double[] bounds = new double[DECADES * DECADE.length];
    long micros = 100;
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = micros * DECADE[i % DECADE.length] / 1e5;
      micros *= (i + 1) % DECADE.length == 0 ? 10 : 1;
    }
    return bounds;
  }

  void add(double millis) {
    int bucket = 0;
    while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) {
      bucket++;
    }
    counts[bucket]++;
    count++;
    sumMillis += millis;
    minMillis = Math.min(minMillis, millis);
    maxMillis = Math.max(maxMillis, millis);
  }

  void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    sumMillis += other.sumMillis;
    minMillis = Math.min(minMillis, other.minMillis);
    maxMillis = Math.max(maxMillis, other.maxMillis);
  }

  void clear() {
    Arrays.fill(counts, 0);
    count = 0;
    sumMillis = 0;
    minMillis = Double.POSITIVE_INFINITY;
    maxMillis = 0;
  }

  long count() {
    return count;
  }

  /** 0 while nothing was counted. */
  double meanMillis() {
    return count == 0 ? 0 : sumMillis / count;
  }

  double maxMillis() {
    return maxMillis;
  }

  Latency latency() {
    List<Bucket> buckets = new ArrayList<>();
    long upTo = 0;
    for (int i = 0; i < counts.length; i++) {
      upTo += counts[i];
      if (i == BOUNDS.length) {
        buckets.add(new Bucket(Double.POSITIVE_INFINITY, upTo));
      } else if (TOLD.contains(DECADE[i % DECADE.length])) {
        buckets.add(new Bucket(BOUNDS[i], upTo));
      }
    }
    return new Latency(count, sumMillis, quantile(0.5), quantile(0.99), maxMillis, buckets);
  }

  /** Between the bounds of its bucket, by rank, and never outside of what was counted. */
  private double quantile(double share) {
    double rank = share * count;
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        double low = Math.max(i == 0 ? 0 : BOUNDS[i - 1], minMillis);
        double high = i < BOUNDS.length ? Math.min(BOUNDS[i], maxMillis) : maxMillis;
        return low + (high - low) * (rank - below) / counts[i];
      }
      below += counts[i];
    }
    return 0;
  }
}
