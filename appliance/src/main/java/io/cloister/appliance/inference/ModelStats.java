package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The counts of one model version since the appliance started.
 *
 * @param requests all that named it, answered or not
 * @param failures by {@link InferenceRefusal#kind()}
 * @param queueDepth requests waiting now
 * @param recentLatency of the last quarter of an hour
 * @param recent the last quarter of an hour, oldest first
 */
public record ModelStats(
    ModelVersion model,
    long requests,
    Map<String, Long> failures,
    long restarts,
    int queueDepth,
    Latency latency,
    Latency recentLatency,
    List<Recent> recent) {
  public ModelStats {
    failures = Map.copyOf(failures);
    recent = List.copyOf(recent);
  }

  /**
   * Latency of answered requests, from admission to answer.
   *
   * @param buckets cumulative counts, as Prometheus has them; the last bound is infinite
   */
  public record Latency(
      long count,
      double sumMillis,
      double p50Millis,
      double p99Millis,
      double maxMillis,
      List<Bucket> buckets) {
    public Latency {
      buckets = List.copyOf(buckets);
    }
  }

  /** How many took at most that long. */
  public record Bucket(double upToMillis, long count) {}

  /** Five seconds of the recent past; latency is 0 where nothing was answered. */
  public record Recent(
      Instant start, long requests, long failures, double meanMillis, double maxMillis) {}
}
