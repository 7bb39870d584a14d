package io.cloister.appliance.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.appliance.inference.AcceptanceReport.Accuracy;
import io.cloister.appliance.inference.AcceptanceReport.Company;
import io.cloister.appliance.inference.AcceptanceReport.Finding;
import io.cloister.appliance.model.RowFault;
import java.util.Locale;

/** The report as JSON: docs/reference/api.md. Values of tensors are texts, since NaN is one. */
final class AcceptanceJson {
  private AcceptanceJson() {}

  static ObjectNode encode(AcceptanceReport report) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", report.model().name());
    json.put("version", report.model().version());
    json.put("manifest_sha256", report.model().manifestSha256());
    json.put("accepted", report.accepted());
    json.put("at", report.at().toString());
    json.put("reason", report.refusal().orElse(null));
    json.put("rows", report.rows());
    json.put("rows_asked", report.rowsAsked());
    json.put("rows_failed", report.rowsFailed());
    if (report.medianMillis().isPresent()) {
      json.put("median_ms", micros(report.medianMillis().getAsDouble()));
    } else {
      json.putNull("median_ms");
    }
    json.set("batch", company(report.company()));
    json.set("accuracy", report.accuracy().map(AcceptanceJson::accuracy).orElse(null));
    ArrayNode faults = json.putArray("faults");
    report.findings().forEach(finding -> faults.add(finding(finding)));
    return json;
  }

  private static double micros(double millis) {
    return Math.round(millis * 1e3) / 1e3;
  }

  private static ObjectNode company(Company company) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("says", company.says().text());
    json.put("rows", company.rows());
    company.tolerance().ifPresent(tolerance -> json.put("tolerance", tolerance));
    company.difference().ifPresent(difference -> json.put("difference", difference));
    return json;
  }

  private static ObjectNode accuracy(Accuracy accuracy) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("labels", accuracy.labels());
    json.put("right", accuracy.right());
    accuracy.against().ifPresent(version -> json.put("against", version));
    accuracy.rightAgainst().ifPresent(right -> json.put("right_against", right));
    accuracy.notCompared().ifPresent(reason -> json.put("not_compared", reason));
    return json;
  }

  private static ObjectNode finding(Finding finding) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("row", finding.row());
    json.put("batched", finding.batched());
    String kind = finding.fault().getClass().getSimpleName();
    json.put("kind", kind.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT));
    switch (finding.fault()) {
      case RowFault.NoFit f -> json.put("reason", f.reason());
      case RowFault.NoAnswer f -> json.put("reason", f.reason());
      case RowFault.NoOutput f -> json.put("output", f.output());
      case RowFault.OtherForm f ->
          json.put("output", f.output()).put("expected", f.expected()).put("got", f.got());
      case RowFault.OtherValue f ->
          value(json, f.output(), f.element(), f.expected(), f.got())
              .put("tolerance", f.tolerance());
      case RowFault.NotFinite f -> value(json, f.output(), f.element(), f.expected(), f.got());
      case RowFault.TooSlow f ->
          json.put("median_ms", micros(f.medianMillis())).put("latency_ms_max", f.limitMillis());
    }
    return json;
  }

  private static ObjectNode value(
      ObjectNode json, String output, int element, String expected, String got) {
    return json.put("output", output)
        .put("element", element)
        .put("expected", expected)
        .put("got", got);
  }
}
