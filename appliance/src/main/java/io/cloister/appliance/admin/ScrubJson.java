package io.cloister.appliance.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.scrub.Scrub;
import io.cloister.appliance.scrub.ScrubReport;
import io.cloister.appliance.scrub.ScrubReport.Failure;
import io.cloister.appliance.scrub.ScrubReport.Fault;
import java.io.IOException;
import java.time.Instant;

/** What hashing again has found, as JSON: docs/reference/api.md. */
final class ScrubJson {
  private ScrubJson() {}

  /** Writes the field {@code scrub}. */
  static void write(JsonGenerator json, Scrub scrub) throws IOException {
    ScrubReport report = scrub.report();
    json.writeObjectFieldStart("scrub");
    json.writeNumberField("hours", scrub.settings().period().toHours());
    json.writeBooleanField("running", report.running());
    json.writeNumberField("passes", report.passes());
    json.writeStringField("last_pass_at", report.lastEnd().map(Instant::toString).orElse(null));
    json.writeStringField(
        "failed_at", report.failure().map(each -> each.at().toString()).orElse(null));
    json.writeStringField("failure", report.failure().map(Failure::reason).orElse(null));
    json.writeNumberField("bytes", report.bytes());
    json.writeNumberField("fault_count", report.faultCount());
    json.writeArrayFieldStart("faults");
    for (Fault fault : report.faults()) {
      json.writeStartObject();
      json.writeStringField("package", fault.packageId());
      json.writeStringField("file", fault.file());
      json.writeNumberField("offset", fault.offset());
      json.writeStringField("expected", fault.expected());
      json.writeStringField("found", fault.found());
      json.writeStringField("at", fault.at().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
