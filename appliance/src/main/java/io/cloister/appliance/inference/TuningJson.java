package io.cloister.appliance.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.appliance.inference.SettingsTrial.Result;
import io.cloister.appliance.inference.SettingsTrial.Tried;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Tuning;
import java.time.Instant;
import java.util.Locale;

/** The evidence of a trial of settings, as it is kept and shown: docs/reference/api.md. */
final class TuningJson {
  private TuningJson() {}

  static ObjectNode encode(ModelVersion model, Result result, Host host, Instant at) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", model.name());
    json.put("version", model.version());
    json.put("at", at.toString());
    json.put("engine", host.engine());
    json.put("processors", host.processors());
    json.put("processor", host.processor());
    json.set("before", Tuning.encode(result.present()));
    json.set("chosen", Tuning.encode(result.chosen()));
    json.set("gain", result.gain().map(TuningJson::comparison).orElse(null));
    ArrayNode tried = json.putArray("tried");
    result.tried().forEach(each -> tried.add(tried(each, result)));
    return json;
  }

  private static ObjectNode tried(Tried tried, Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("words", tried.settings().wordsBeside(result.present()));
    json.set("settings", Tuning.encode(tried.settings()));
    json.put("outcome", tried.outcome().name().toLowerCase(Locale.ROOT));
    json.put("reason", tried.reason().orElse(null));
    json.set("figures", tried.comparison().map(TuningJson::comparison).orElse(null));
    return json;
  }

  private static ObjectNode comparison(Comparison comparison) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rounds", comparison.rounds().size());
    json.put("rounds_cheaper", comparison.roundsCheaper());
    json.put("rounds_quicker", comparison.roundsQuicker());
    json.put("cpu_ratio", thousandths(comparison.cpuRatio()));
    json.put("rate_ratio", thousandths(comparison.rateRatio()));
    json.put("alone_ratio", thousandths(comparison.aloneRatio()));
    json.set("before", figures(comparison.present()));
    json.set("after", figures(comparison.other()));
    return json;
  }

  private static ObjectNode figures(Figures figures) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cpu_us", thousandths(figures.cpuMicros()));
    json.put("per_second", thousandths(figures.rowsPerSecond()));
    json.put("alone_ms", thousandths(figures.aloneMillis()));
    return json;
  }

  private static double thousandths(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
