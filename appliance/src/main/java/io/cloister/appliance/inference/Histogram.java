package io.cloister.appliance.inference;

import io.cloister.appliance.inference.ModelStats.Bucket;
import io.cloister.appliance.inference.ModelStats.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Times in milliseconds, counted in buckets: small enough to keep one for every few seconds. */
final class Histogram {
  /** Upper bounds in milliseconds, each 1.5 times the one before: 0.1 ms to 3 minutes. */
  private static final double[] BOUNDS = bounds(36);

  private final long[] counts = new long[BOUNDS.length + 1];
  private long count;
  private double sumMillis;
  private double minMillis = Double.POSITIVE_INFINITY;
  private double maxMillis;

  private static double[] bounds(int count) {
    double[] bounds = new double[count];
    double bound = 0.1;
    for (int i = 0; i < count; i++) {
      bounds[i] = bound;
      bound *= 1.5;
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
      buckets.add(new Bucket(i < BOUNDS.length ? BOUNDS[i] : Double.POSITIVE_INFINITY, upTo));
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
