package io.cloister.appliance.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStats;
import io.cloister.appliance.scrub.Scrub;
import io.cloister.appliance.scrub.ScrubReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Map;

/** What was counted since the start, as JSON. */
public final class Metrics {
  private final ModelServer models;
  private final ResponseCounts responses;
  private final Scrub scrub;
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

  public Metrics(ModelServer models, ResponseCounts responses, Scrub scrub) {
    this.models = models;
    this.responses = responses;
    this.scrub = scrub;
  }

  /** Writes the fields of the metrics object. */
  public void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("models");
    for (ModelStats stats : models.stats()) {
      json.writeStartObject();
      write(json, stats);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("responses");
    for (var listener : responses.read().entrySet()) {
      json.writeObjectFieldStart(listener.getKey());
      for (var status : listener.getValue().entrySet()) {
        json.writeNumberField(status.getKey().toString(), status.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
    ScrubReport report = scrub.report();
    json.writeObjectFieldStart("scrub");
    json.writeNumberField("passes", report.passes());
    json.writeNumberField("bytes", report.bytes());
    json.writeNumberField("faults", report.faultCount());
    json.writeEndObject();
    json.writeObjectFieldStart("memory");
    json.writeNumberField("heap_used_bytes", memory.getHeapMemoryUsage().getUsed());
    json.writeNumberField("heap_max_bytes", memory.getHeapMemoryUsage().getMax());
    json.writeNumberField("other_used_bytes", memory.getNonHeapMemoryUsage().getUsed());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ModelStats stats) throws IOException {
    json.writeStringField("name", stats.model().name());
    json.writeStringField("version", stats.model().version());
    json.writeNumberField("requests", stats.requests());
    json.writeObjectFieldStart("failures");
    for (Map.Entry<String, Long> failure : stats.failures().entrySet()) {
      json.writeNumberField(failure.getKey(), failure.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("restarts", stats.restarts());
    json.writeNumberField("queue", stats.queueDepth());
    json.writeObjectFieldStart("latency_ms");
    json.writeNumberField("count", stats.latency().count());
    json.writeNumberField("p50", stats.latency().p50Millis());
    json.writeNumberField("p99", stats.latency().p99Millis());
    json.writeNumberField("max", stats.latency().maxMillis());
    json.writeEndObject();
  }
}
