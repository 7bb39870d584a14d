package io.cloister.appliance.observe;

import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStats;
import io.cloister.appliance.inference.ModelStats.Bucket;
import io.cloister.appliance.scrub.Scrub;
import io.cloister.appliance.scrub.ScrubReport;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The metrics in the Prometheus text format 0.0.4; units are base units: seconds and bytes. */
public final class PrometheusText implements Handler {
  private static final Header TYPE =
      HeaderValues.createCached(
          HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
  private static final double MILLIS_PER_SECOND = 1e3;

  private final ModelServer models;
  private final ResponseCounts responses;
  private final Scrub scrub;

  public PrometheusText(ModelServer models, ResponseCounts responses, Scrub scrub) {
    this.models = models;
    this.responses = responses;
    this.scrub = scrub;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    response.header(TYPE).send(text(models.stats(), responses) + text(scrub.report()));
  }

  static String text(List<ModelStats> all, ResponseCounts responses) {
    StringBuilder text = new StringBuilder();
    family(text, "cloister_http_responses_total", "counter", "Answers of each listener.");
    responses.read().forEach((listener, statuses) -> responses(text, listener, statuses));
    family(text, "cloister_requests_total", "counter", "Requests to the model.");
    each(text, all, "cloister_requests_total", ModelStats::requests);
    family(text, "cloister_request_failures_total", "counter", "Requests without an answer.");
    for (ModelStats stats : all) {
      stats
          .failures()
          .forEach(
              (kind, count) ->
                  sample(
                      text,
                      "cloister_request_failures_total",
                      labels(stats) + ",kind=\"" + escaped(kind) + "\"",
                      String.valueOf(count)));
    }
    family(text, "cloister_worker_restarts_total", "counter", "Restarts of the worker process.");
    each(text, all, "cloister_worker_restarts_total", ModelStats::restarts);
    family(text, "cloister_queue_requests", "gauge", "Requests waiting now.");
    each(text, all, "cloister_queue_requests", ModelStats::queueDepth);
    family(text, "cloister_request_seconds", "histogram", "Admission to answer, of answered ones.");
    all.forEach(stats -> histogram(text, stats));
    family(text, "cloister_heap_used_bytes", "gauge", "Java heap of the server in use.");
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    text.append("cloister_heap_used_bytes ").append(heap).append('\n');
    return text.toString();
  }

  /** The time is absent until a pass has ended. */
  static String text(ScrubReport report) {
    StringBuilder text = new StringBuilder();
    family(text, "cloister_scrub_passes_total", "counter", "Passes over all installed files.");
    text.append("cloister_scrub_passes_total ").append(report.passes()).append('\n');
    family(text, "cloister_scrub_bytes_total", "counter", "Installed bytes hashed again.");
    text.append("cloister_scrub_bytes_total ").append(report.bytes()).append('\n');
    family(text, "cloister_scrub_faults", "gauge", "Installed files that were changed.");
    text.append("cloister_scrub_faults ").append(report.faultCount()).append('\n');
    String time = "cloister_scrub_last_pass_timestamp_seconds";
    family(text, time, "gauge", "When the last pass ended.");
    report
        .lastEnd()
        .ifPresent(end -> text.append(time).append(' ').append(end.getEpochSecond()).append('\n'));
    return text.toString();
  }

  private static void family(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void responses(StringBuilder text, String listener, Map<Integer, Long> statuses) {
    statuses.forEach(
        (status, count) ->
            sample(
                text,
                "cloister_http_responses_total",
                "listener=\"" + listener + "\",code=\"" + status + "\"",
                count.toString()));
  }

  private static void each(
      StringBuilder text, List<ModelStats> all, String name, ToLongFunction<ModelStats> value) {
    all.forEach(stats -> sample(text, name, labels(stats), "" + value.applyAsLong(stats)));
  }

  private static void histogram(StringBuilder text, ModelStats stats) {
    String name = "cloister_request_seconds";
    for (Bucket bucket : stats.latency().buckets()) {
      String bound =
          Double.isInfinite(bucket.upToMillis())
              ? "+Inf"
              : String.valueOf(bucket.upToMillis() / MILLIS_PER_SECOND);
      String labels = labels(stats) + ",le=\"" + bound + "\"";
      sample(text, name + "_bucket", labels, String.valueOf(bucket.count()));
    }
    double sum = stats.latency().sumMillis() / MILLIS_PER_SECOND;
    sample(text, name + "_sum", labels(stats), String.valueOf(sum));
    sample(text, name + "_count", labels(stats), String.valueOf(stats.latency().count()));
  }

  private static void sample(StringBuilder text, String name, String labels, String value) {
    text.append(name).append('{').append(labels).append("} ").append(value).append('\n');
  }

  private static String labels(ModelStats stats) {
    return "model=\"%s\",version=\"%s\""
        .formatted(escaped(stats.model().name()), escaped(stats.model().version()));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
