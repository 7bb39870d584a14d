package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.inference.ModelStats;
import java.io.IOException;
import java.util.List;

/** What the models did since the appliance started (Triton, "Statistics Extension"). */
final class Statistics {
  private static final double NANOS_PER_MILLI = 1e6;

  private Statistics() {}

  static void write(JsonGenerator json, List<ModelStats> models) throws IOException {
    json.writeArrayFieldStart("model_stats");
    for (ModelStats model : models) {
      write(json, model);
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, ModelStats stats) throws IOException {
    ModelStats.Work work = stats.work();
    long answered = stats.latency().count();
    long failed = stats.failures().values().stream().mapToLong(Long::longValue).sum();
    json.writeStartObject();
    json.writeStringField("name", stats.model().name());
    json.writeStringField("version", stats.model().version());
    json.writeNumberField("inference_count", work.rows());
    json.writeNumberField("execution_count", work.runs());
    json.writeObjectFieldStart("inference_stats");
    write(json, "success", answered, Math.round(stats.latency().sumMillis() * NANOS_PER_MILLI));
    write(json, "fail", failed, 0);
    write(json, "queue", answered, work.queueNanos());
    write(json, "compute_input", answered, work.inputNanos());
    write(json, "compute_infer", answered, work.runNanos());
    write(json, "compute_output", answered, work.outputNanos());
    json.writeEndObject();
    json.writeArrayFieldStart("batch_stats");
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, long count, long nanos)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", count);
    json.writeNumberField("ns", nanos);
    json.writeEndObject();
  }
}
