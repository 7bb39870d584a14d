package io.cloister.appliance.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStats;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.ModelConfig.TextPipeline;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Provenance;
import io.cloister.appliance.model.TensorSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything the console's page shows, in one object. */
final class Overview {
  private final ModelServer models;
  private final Operations operations;
  private final StatusReport status;

  Overview(ModelServer models, Operations operations, StatusReport status) {
    this.models = models;
    this.operations = operations;
    this.status = status;
  }

  void write(JsonGenerator json, String account) throws IOException {
    json.writeStringField("account", account);
    status.writeHead(json);
    Optional<Deployment> deployment = operations.state().deployment();
    if (deployment.isPresent()) {
      writeDeployment(json, deployment.get());
    }
    List<ModelStats> stats = models.stats();
    json.writeArrayFieldStart("models");
    for (ModelStatus model : models.models()) {
      json.writeStartObject();
      StatusReport.writeModel(json, model);
      writePackage(json, model.model());
      for (ModelStats own : stats) {
        if (own.model().equals(model.model())) {
          writeStats(json, own);
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeDeployment(JsonGenerator json, Deployment deployment)
      throws IOException {
    json.writeStringField("installed_at", deployment.installedAt().toString());
    json.writeObjectFieldStart("runtime");
    json.writeStringField("version", deployment.release().version());
    json.writeStringField("platform", deployment.release().platform());
    json.writeStringField("manifest_sha256", deployment.release().manifestSha256());
    writeProvenance(json, deployment.release().provenance());
    json.writeEndObject();
  }

  private static void writeProvenance(JsonGenerator json, Provenance provenance)
      throws IOException {
    json.writeObjectFieldStart("provenance");
    json.writeNumberField("targets_version", provenance.targetsVersion());
    json.writeStringField("signed_at", provenance.signedAt().toString());
    json.writeArrayFieldStart("keyids");
    for (String keyid : provenance.keyids()) {
      json.writeString(keyid);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writePackage(JsonGenerator json, ModelVersion model) throws IOException {
    json.writeStringField("manifest_sha256", model.manifestSha256());
    writeProvenance(json, model.provenance());
    Optional<ServedModel> served = models.find(model.name(), Optional.of(model.version()));
    if (served.isEmpty()) {
      return;
    }
    json.writeStringField("description", served.get().config().description());
    Optional<TextPipeline> text = served.get().config().text();
    if (text.isPresent()) {
      json.writeNumberField("tokens_max", text.get().tokensMax());
    }
    writeSpecs(json, "inputs", served.get().signature().inputs());
    writeSpecs(json, "outputs", served.get().signature().outputs());
  }

  private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("datatype", spec.datatype().name());
      json.writeArrayFieldStart("shape");
      for (long dim : spec.dims()) {
        json.writeNumber(dim);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeStats(JsonGenerator json, ModelStats stats) throws IOException {
    json.writeNumberField("requests", stats.requests());
    json.writeNumberField("queue", stats.queueDepth());
    json.writeObjectFieldStart("failures");
    for (Map.Entry<String, Long> failure : stats.failures().entrySet()) {
      json.writeNumberField(failure.getKey(), failure.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("recent_latency_ms");
    json.writeNumberField("count", stats.recentLatency().count());
    json.writeNumberField("p50", stats.recentLatency().p50Millis());
    json.writeNumberField("p99", stats.recentLatency().p99Millis());
    json.writeEndObject();
    json.writeArrayFieldStart("recent");
    for (ModelStats.Recent recent : stats.recent()) {
      json.writeStartObject();
      json.writeStringField("start", recent.start().toString());
      json.writeNumberField("requests", recent.requests());
      json.writeNumberField("failures", recent.failures());
      json.writeNumberField("mean_ms", recent.meanMillis());
      json.writeNumberField("max_ms", recent.maxMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
