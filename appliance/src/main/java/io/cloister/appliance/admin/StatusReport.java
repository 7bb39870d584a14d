package io.cloister.appliance.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.inference.AcceptanceReport;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.InEffect;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.Tuning;
import io.cloister.appliance.scrub.Scrub;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Says how the appliance is: the answer to the operator's {@code status}. */
public final class StatusReport {
  private static final int REPORTS_MAX = 50;

  private final ModelServer models;
  private final Operations operations;
  private final Identity identity;
  private final Supplier<Bound> bound;
  private final AcceptanceRecords acceptances;
  private final Scrub scrub;

  /** What does not change while this process runs. */
  public record Identity(Instant startedAt, String release, String certificateSha256) {}

  /** Addresses and ports as bound, e.g. {@code 0.0.0.0:8443}. */
  public record Bound(String inference, String console) {}

  /**
   * @param bound asked at every report, since only a started server knows its ports
   */
  public StatusReport(
      ModelServer models,
      Operations operations,
      AcceptanceRecords acceptances,
      Scrub scrub,
      Identity identity,
      Supplier<Bound> bound) {
    this.models = models;
    this.operations = operations;
    this.identity = identity;
    this.acceptances = acceptances;
    this.scrub = scrub;
    this.bound = bound;
  }

  /** Writes the fields of the status object. */
  public void write(JsonGenerator json) throws IOException {
    writeHead(json);
    json.writeArrayFieldStart("models");
    for (ModelStatus model : models.models()) {
      json.writeStartObject();
      writeModel(json, model);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the newest acceptances, refused ones too, newest first. */
  void writeAcceptances(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("reports");
    for (String report : acceptances.newest(REPORTS_MAX)) {
      json.writeRawValue(report);
    }
    json.writeEndArray();
  }

  Scrub scrub() {
    return scrub;
  }

  void writeHead(JsonGenerator json) throws IOException {
    Operations.State state = operations.state();
    json.writeBooleanField("ready", operations.ready());
    json.writeStringField("release", identity.release());
    json.writeNumberField("generation", models.generation());
    json.writeNumberField(
        "wanted_generation", state.deployment().map(Deployment::generation).orElse(0L));
    json.writeStringField("started_at", identity.startedAt().toString());
    json.writeObjectFieldStart("listeners");
    json.writeStringField("inference", bound.get().inference());
    json.writeStringField("console", bound.get().console());
    json.writeEndObject();
    json.writeStringField("certificate_sha256", identity.certificateSha256());
    writeRefused(json, state.refused());
    ScrubJson.write(json, scrub);
  }

  private static void writeRefused(JsonGenerator json, Optional<Refused> refused)
      throws IOException {
    if (refused.isEmpty()) {
      json.writeNullField("refused");
      return;
    }
    json.writeObjectFieldStart("refused");
    writeReason(json, refused.get());
    json.writeEndObject();
  }

  static void writeReason(JsonGenerator json, Refused refused) throws IOException {
    json.writeStringField("model", refused.model().map(model -> model.name()).orElse(null));
    json.writeStringField("version", refused.model().map(model -> model.version()).orElse(null));
    json.writeStringField("reason", refused.reason());
  }

  static void writeModel(JsonGenerator json, ModelStatus status) throws IOException {
    json.writeStringField("name", status.model().name());
    json.writeStringField("version", status.model().version());
    json.writeStringField("state", status.state().text());
    json.writeStringField("reason", status.reason().orElse(null));
    json.writeBooleanField("active", status.active());
    if (status.pid().isPresent()) {
      json.writeNumberField("pid", status.pid().getAsLong());
    } else {
      json.writeNullField("pid");
    }
    json.writeNumberField("restarts", status.restarts());
    json.writeFieldName("settings");
    if (status.settings().isPresent()) {
      writeSettings(json, status.settings().get());
    } else {
      json.writeNull();
    }
    json.writeFieldName("acceptance");
    json.writeRawValue(status.acceptance().map(AcceptanceReport::json).orElse("null"));
  }

  private static void writeSettings(JsonGenerator json, InEffect settings) throws IOException {
    json.writeStartObject();
    json.writeStringField("words", settings.settings().words());
    json.writeFieldName("values");
    json.writeRawValue(Tuning.encode(settings.settings()).toString());
    json.writeStringField("tuned_at", settings.tunedAt().map(Instant::toString).orElse(null));
    json.writeFieldName("gain");
    json.writeRawValue(
        settings.tuning().flatMap(Tuning::findGain).map(JsonNode::toString).orElse("null"));
    json.writeStringField("unused", settings.unused().orElse(null));
    json.writeEndObject();
  }
}
