package io.cloister.appliance.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.inference.TuneOutcome;
import io.cloister.appliance.inference.TuneOutcome.Done;
import io.cloister.appliance.inference.TuneOutcome.Refused;
import io.cloister.appliance.inference.Tuner;
import io.cloister.appliance.model.Tuning;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** The operator's commands that choose settings for this machine, and take them back. */
final class TuneCommands {
  private static final int SECONDS_MIN = 30;
  private static final int SECONDS_MAX = 3600;
  private static final int SECONDS_USUAL = 180;

  private final Tuner tuner;

  TuneCommands(Tuner tuner) {
    this.tuner = tuner;
  }

  /** Tells the peer of each step in a line of its own; when the peer goes, the trial ends. */
  byte[] tune(JsonNode command, Peer peer) {
    int seconds = command.path("seconds").asInt(SECONDS_USUAL);
    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
      return OperatorCommands.error("seconds is %d to %d".formatted(SECONDS_MIN, SECONDS_MAX));
    }
    String model = command.path("model").asText();
    boolean keep = command.path("keep").asBoolean(true);
    var watch = new Tuner.Watch(step -> say(peer, step), peer::onEnd);
    return answer(tuner.tune(model, Duration.ofSeconds(seconds), keep, watch));
  }

  private static void say(Peer peer, String step) {
    try {
      peer.write(JsonText.object(json -> json.writeStringField("progress", step)));
    } catch (IOException e) {
      // Its end is seen by the one who reads, and ends the trial.
    }
  }

  byte[] untune(JsonNode command) {
    return answer(tuner.untune(command.path("model").asText()));
  }

  private static byte[] answer(TuneOutcome outcome) {
    return JsonText.object(json -> write(json, outcome));
  }

  private static void write(JsonGenerator json, TuneOutcome outcome) throws IOException {
    switch (outcome) {
      case Done done -> {
        json.writeStringField("model", done.model().name());
        json.writeStringField("version", done.model().version());
        json.writeBooleanField("changed", done.changed());
        json.writeFieldName("settings");
        json.writeRawValue(Tuning.encode(done.settings()).toString());
        json.writeStringField("words", done.settings().words());
        json.writeFieldName("evidence");
        json.writeRawValue(done.evidence().isEmpty() ? "null" : done.evidence());
      }
      case Refused refused -> {
        json.writeStringField("refused", refused.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", refused.reason());
      }
    }
  }
}
