package io.cloister.appliance.observe;

import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStats;
import io.cloister.appliance.inference.ModelStats.Bucket;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.scrub.Scrub;
import io.cloister.appliance.scrub.ScrubReport;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/**
 * The metrics in the Prometheus text format 0.0.4; our own have base units, seconds and bytes. Each
 * is told in docs/reference/metrics.md.
 */
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
    response.header(TYPE).send(text());
  }

  private String text() {
    Exposition text = new Exposition();
    List<ModelStats> all = models.stats();
    TritonMetrics.write(text, all);
    writeModels(text, all);
    ProcessMetrics.writeWorkers(text, models.models());
    writeResponses(text);
    ProcessMetrics.writeServer(text);
    write(text, scrub.report());
    return text.toString();
  }

  private static void writeModels(Exposition text, List<ModelStats> all) {
    String failures = "cloister_request_failures_total";
    text.family(failures, "counter", "Requests without an answer, by kind.");
    for (ModelStats stats : all) {
      for (Map.Entry<String, Long> kind : stats.failures().entrySet()) {
        String labels = labels(stats) + "," + Exposition.label("kind", kind.getKey());
        text.sample(failures, labels, kind.getValue());
      }
    }
    text.each(
        all,
        "cloister_requests_total",
        "counter",
        "Requests to the model.",
        PrometheusText::labels,
        ModelStats::requests);
    text.each(
        all,
        "cloister_worker_restarts_total",
        "counter",
        "Restarts of the worker process.",
        PrometheusText::labels,
        ModelStats::restarts);
    text.family(
        "cloister_request_seconds", "histogram", "Admission to answer, of answered requests.");
    all.forEach(stats -> writeHistogram(text, stats));
  }

  private static void writeHistogram(Exposition text, ModelStats stats) {
    String name = "cloister_request_seconds";
    for (Bucket bucket : stats.latency().buckets()) {
      String bound =
          Double.isInfinite(bucket.upToMillis())
              ? "+Inf"
              : String.valueOf(bucket.upToMillis() / MILLIS_PER_SECOND);
      text.sample(
          name + "_bucket", labels(stats) + "," + Exposition.label("le", bound), bucket.count());
    }
    text.sample(name + "_sum", labels(stats), stats.latency().sumMillis() / MILLIS_PER_SECOND);
    text.sample(name + "_count", labels(stats), stats.latency().count());
  }

  private void writeResponses(Exposition text) {
    String name = "cloister_http_responses_total";
    text.family(name, "counter", "Answers of each listener.");
    responses
        .read()
        .forEach(
            (listener, statuses) ->
                statuses.forEach(
                    (status, count) ->
                        text.sample(
                            name,
                            Exposition.label("listener", listener)
                                + ","
                                + Exposition.label("code", status.toString()),
                            count)));
  }

  /** The time is absent until a pass has ended. */
  private static void write(Exposition text, ScrubReport report) {
    text.single(
        "cloister_scrub_passes_total",
        "counter",
        "Passes over all installed files.",
        report.passes());
    text.single(
        "cloister_scrub_bytes_total", "counter", "Installed bytes hashed again.", report.bytes());
    text.single(
        "cloister_scrub_faults",
        "gauge",
        "Installed files that were changed.",
        report.faultCount());
    text.each(
        report.lastEnd().stream().toList(),
        "cloister_scrub_last_pass_timestamp_seconds",
        "gauge",
        "When the last pass ended.",
        end -> "",
        end -> end.getEpochSecond());
  }

  static String labels(ModelStats stats) {
    return labels(stats.model());
  }

  static String labels(ModelStatus status) {
    return labels(status.model());
  }

  private static String labels(ModelVersion model) {
    return Exposition.label("model", model.name())
        + ","
        + Exposition.label("version", model.version());
  }
}
