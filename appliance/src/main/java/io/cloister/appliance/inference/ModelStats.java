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
 * @param work what the answered requests took
 * @param recentLatency of the last quarter of an hour
 * @param recent the last quarter of an hour, oldest first
 */
public record ModelStats(
    ModelVersion model,
    long requests,
    Map<String, Long> failures,
    long restarts,
    int queueDepth,
    Work work,
    Latency latency,
    Latency recentLatency,
    List<Recent> recent) {
  public ModelStats {
    failures = Map.copyOf(failures);
    recent = List.copyOf(recent);
  }

  /**
   * Sums over answered requests, as Triton counts them: what a shared run took counts for each.
   *
   * @param runs of the model; requests that share one count it once
   * @param rows of all requests, along the first dimension
   * @param queueNanos from admission to the start of the run
   * @param inputNanos until the worker has the tensors
   * @param runNanos until the server has the answer
   * @param outputNanos until each caller has its part
   */
  public record Work(
      long runs, long rows, long queueNanos, long inputNanos, long runNanos, long outputNanos) {
    public static final Work NONE = new Work(0, 0, 0, 0, 0, 0);

    Work plus(Work more) {
      return new Work(
          runs + more.runs,
          rows + more.rows,
          queueNanos + more.queueNanos,
          inputNanos + more.inputNanos,
          runNanos + more.runNanos,
          outputNanos + more.outputNanos);
    }
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
