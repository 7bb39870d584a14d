package io.cloister.appliance.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.inference.ApplyOutcome;
import io.cloister.appliance.inference.ApplyOutcome.Applied;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.Tuner;
import java.io.IOException;

/** What the operator may ask over the socket: {@code {"do":"status"}} and its like. */
public final class OperatorCommands {
  private final Operations operations;
  private final Succession succession;
  private final StatusReport reports;
  private final JsonText.Content metrics;
  private final TuneCommands tuning;
  private final TokenCommands tokens;

  public OperatorCommands(
      Operations operations,
      Succession succession,
      StatusReport reports,
      JsonText.Content metrics,
      Tuner tuner,
      TokenCommands tokens) {
    this.operations = operations;
    this.succession = succession;
    this.reports = reports;
    this.metrics = metrics;
    this.tuning = new TuneCommands(tuner);
    this.tokens = tokens;
  }

  /**
   * Answers one line of JSON with one line of JSON, without its end.
   *
   * @param peer who is told of steps before that, where a command has some
   */
  byte[] answer(byte[] line, Peer peer) {
    JsonNode command;
    try {
      command = Documents.parseJson(line);
    } catch (IOException e) {
      return error("a command is one line of JSON, e.g. {\"do\":\"status\"}");
    }
    try {
      return obey(command, peer);
    } catch (DatabaseFault e) {
      return error(e.words());
    } catch (IOException e) {
      return error(String.valueOf(e.getMessage()));
    }
  }

  private byte[] obey(JsonNode command, Peer peer) throws IOException {
    return switch (command.path("do").asText()) {
      case "status" -> JsonText.object(reports::write);
      case "metrics" -> JsonText.object(metrics);
      case "acceptance" -> JsonText.object(reports::writeAcceptances);
      case "apply" -> outcome(operations.apply());
      case "reload" -> outcome(operations.reload(command.path("model").asText()));
      case "tune" -> tuning.tune(command, peer);
      case "untune" -> tuning.untune(command);
      case "token_create" -> tokens.create(command);
      case "token_list" -> tokens.list();
      case "token_revoke" -> tokens.revoke(command);
      case "scrub" -> {
        reports.scrub().ask();
        yield done("asked");
      }
      case "hand_over" -> {
        succession.handOver(command.path("to").asText());
        yield done("handed_over");
      }
      case "resume" -> {
        succession.resume();
        yield done("resumed");
      }
      case "take_over" -> {
        succession.takeOver();
        yield done("listening");
      }
      default ->
          error(
              "unknown command; known: status, metrics, acceptance, scrub, apply, reload, tune,"
                  + " untune, token_create, token_list, token_revoke, hand_over, resume,"
                  + " take_over");
    };
  }

  private static byte[] outcome(ApplyOutcome outcome) {
    return JsonText.object(json -> write(json, outcome));
  }

  /** Writes the fields of the answer to {@code apply}. */
  public static void write(JsonGenerator json, ApplyOutcome outcome) throws IOException {
    switch (outcome) {
      case Applied applied -> {
        json.writeBooleanField("applied", true);
        json.writeNumberField("generation", applied.generation());
      }
      case Refused refused -> {
        json.writeBooleanField("applied", false);
        json.writeNumberField("generation", refused.generation());
        json.writeObjectFieldStart("error");
        StatusReport.writeReason(json, refused);
        json.writeEndObject();
      }
    }
  }

  private static byte[] done(String what) {
    return JsonText.object(json -> json.writeBooleanField(what, true));
  }

  static byte[] error(String message) {
    return JsonText.object(json -> json.writeStringField("error", message));
  }
}
