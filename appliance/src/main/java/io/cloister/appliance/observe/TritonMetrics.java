package io.cloister.appliance.observe;

import io.cloister.appliance.inference.ModelStats;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The counts under the names that dashboards for Triton Inference Server know (its user guide,
 * "Metrics"). Times are microseconds, summed over answered requests.
 */
final class TritonMetrics {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final double MICROS_PER_MILLI = 1e3;

  private TritonMetrics() {}

  static void write(Exposition text, List<ModelStats> all) {
    counter(text, all, "request_success", "Answered requests.", stats -> stats.latency().count());
    failures(text, all);
    counter(text, all, "count", "Rows of answered requests.", stats -> stats.work().rows());
    counter(text, all, "exec_count", "Runs of the model.", stats -> stats.work().runs());
    text.each(
        all,
        "nv_inference_pending_request_count",
        "gauge",
        "Requests waiting now.",
        PrometheusText::labels,
        ModelStats::queueDepth);
    counter(
        text,
        all,
        "request_duration_us",
        "From admission to answer.",
        stats -> Math.round(stats.latency().sumMillis() * MICROS_PER_MILLI));
    duration(text, all, "queue", "Until the run begins.", stats -> stats.work().queueNanos());
    duration(
        text,
        all,
        "compute_input",
        "Until the worker has the tensors.",
        stats -> stats.work().inputNanos());
    duration(
        text, all, "compute_infer", "Until the model is done.", stats -> stats.work().runNanos());
    duration(
        text,
        all,
        "compute_output",
        "Until each caller has its part.",
        stats -> stats.work().outputNanos());
  }

  private static void counter(
      Exposition text,
      List<ModelStats> all,
      String name,
      String help,
      ToLongFunction<ModelStats> value) {
    text.each(
        all, "nv_inference_" + name, "counter", help, PrometheusText::labels, value::applyAsLong);
  }

  private static void duration(
      Exposition text,
      List<ModelStats> all,
      String what,
      String help,
      ToLongFunction<ModelStats> nanos) {
    counter(
        text,
        all,
        what + "_duration_us",
        help,
        stats -> nanos.applyAsLong(stats) / NANOS_PER_MICRO);
  }

  private static void failures(Exposition text, List<ModelStats> all) {
    String name = "nv_inference_request_failure";
    text.family(name, "counter", "Requests without an answer.");
    for (ModelStats stats : all) {
      Map<String, Long> byReason = new TreeMap<>();
      for (String reason : List.of("REJECTED", "CANCELED", "BACKEND", "OTHER")) {
        byReason.put(reason, 0L);
      }
      stats.failures().forEach((kind, count) -> byReason.merge(reason(kind), count, Long::sum));
      byReason.forEach(
          (reason, count) ->
              text.sample(
                  name,
                  PrometheusText.labels(stats) + "," + Exposition.label("reason", reason),
                  count));
    }
  }

  /** Triton's word for a {@link io.cloister.appliance.inference.InferenceRefusal#kind()}. */
  private static String reason(String kind) {
    return switch (kind) {
      case "queue_full", "wait_too_long", "deadline_exceeded", "not_ready", "no_room" -> "REJECTED";
      case "caller_left" -> "CANCELED";
      case "model_fault", "worker_crashed", "run_too_long" -> "BACKEND";
      default -> "OTHER";
    };
  }
}
