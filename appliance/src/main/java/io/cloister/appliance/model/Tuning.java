package io.cloister.appliance.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.appliance.config.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings that were measured for one model version on one machine, and chosen.
 *
 * @param host that it was measured on
 * @param evidence one JSON object
 */
public record Tuning(
    String manifestSha256, RunSettings settings, Host host, Instant at, String evidence) {

  /** Why it says nothing about this machine as it is now, if it does not. */
  public Optional<String> findMisfit(Host now) {
    if (!host.engine().equals(now.engine())) {
      return Optional.of(
          "it was measured with ONNX Runtime %s, and this is %s"
              .formatted(host.engine(), now.engine()));
    }
    if (host.processors() != now.processors()) {
      return Optional.of(
          "it was measured with %d processors, and here are %d"
              .formatted(host.processors(), now.processors()));
    }
    if (!host.processor().equals(now.processor())) {
      return Optional.of(
          "it was measured on the processor %s, and this is %s"
              .formatted(host.processor(), now.processor()));
    }
    return Optional.empty();
  }

  /** What was gained, where the evidence says so: docs/reference/api.md. */
  public Optional<JsonNode> findGain() {
    try {
      JsonNode gain = Documents.parseJson(evidence.getBytes(StandardCharsets.UTF_8)).path("gain");
      return Optional.of(gain).filter(JsonNode::isObject);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Settings as they are kept and shown: docs/reference/api.md. */
  public static ObjectNode encode(RunSettings settings) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runs", settings.runs());
    json.put("intra_op_threads", settings.intraOpThreads());
    json.put("spinning", settings.spinning());
    var disabled = json.putArray("disabled_optimizers");
    settings.disabledOptimizers().forEach(disabled::add);
    json.put("max_rows", settings.rowsMax());
    return json;
  }

  /**
   * What {@link #encode} made.
   *
   * @throws IOException when something else did
   */
  public static RunSettings parse(JsonNode json) throws IOException {
    List<String> disabled = new ArrayList<>();
    json.path("disabled_optimizers").forEach(name -> disabled.add(name.asText()));
    try {
      return new RunSettings(
          json.path("runs").asInt(),
          json.path("intra_op_threads").asInt(),
          json.path("spinning").asBoolean(),
          disabled,
          json.path("max_rows").asInt());
    } catch (IllegalArgumentException e) {
      throw new IOException("the settings that are kept cannot be used: " + e.getMessage(), e);
    }
  }
}
