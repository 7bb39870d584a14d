package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cloister.installer.console.Table;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the operator is told of a trial of settings.
 *
 * @param answer the appliance's: docs/reference/api.md
 * @param cloister how the command is called here
 */
record Tuned(JsonNode answer, String cloister, boolean dryRun) {

  /**
   * One line that says what can be done about the cost of models that are new here, or whose tuning
   * fits no more; none where each is tuned to this machine.
   *
   * @param status what the service says of itself, where it answers
   */
  static String offer(
      String cloister,
      List<InstalledPackage> before,
      Deployment deployment,
      Optional<JsonNode> status) {
    List<InstalledPackage> fresh =
        deployment.models().stream()
            .filter(
                model -> {
                  JsonNode settings = settings(status, model);
                  return settings.hasNonNull("unused")
                      || (!settings.hasNonNull("tuned_at") && !before.contains(model));
                })
            .toList();
    if (fresh.isEmpty()) {
      return "";
    }
    String name = fresh.size() == 1 ? fresh.getFirst().name() : "NAME";
    return "to see whether it can be cheaper on this machine: %s models tune %s"
        .formatted(cloister, name);
  }

  private static JsonNode settings(Optional<JsonNode> status, InstalledPackage installed) {
    for (JsonNode model : status.map(s -> s.path("models")).orElse(MissingNode.getInstance())) {
      if (model.path("name").asText().equals(installed.name())
          && model.path("version").asText().equals(installed.version())) {
        return model.path("settings");
      }
    }
    return MissingNode.getInstance();
  }

  /**
   * A line for each model that is tuned, or was and runs with its package's settings all the same.
   *
   * @param status what the service says of itself
   */
  static String notes(String cloister, JsonNode status) {
    var text = new StringBuilder();
    for (JsonNode model : status.path("models")) {
      String name = model.path("name").asText();
      JsonNode settings = model.path("settings");
      if (settings.hasNonNull("unused")) {
        text.append(
            "%s was tuned here, and that is not used: %s; to measure anew: %s models tune %s%n"
                .formatted(name, settings.path("unused").asText(), cloister, name));
      } else if (settings.hasNonNull("tuned_at")) {
        text.append(
            "%s %s is tuned since %s: %s%s%n"
                .formatted(
                    name,
                    model.path("version").asText(),
                    settings.path("tuned_at").asText().replaceAll("T.*", ""),
                    settings.path("words").asText(),
                    gained(settings.path("gain"))));
      }
    }
    return text.toString();
  }

  private static String gained(JsonNode gain) {
    return gain.isObject()
        ? "; processor time %s, answers a second %s, time of one alone %s"
            .formatted(
                ratio(gain, "cpu_ratio"), ratio(gain, "rate_ratio"), ratio(gain, "alone_ratio"))
        : "";
  }

  String text() {
    String name = answer.path("model").asText();
    JsonNode evidence = answer.path("evidence");
    JsonNode gain = evidence.path("gain");
    var text = new StringBuilder();
    text.append(name).append(' ').append(answer.path("version").asText());
    if (!gain.isObject()) {
      text.append(" keeps its settings, nothing ").append(timeOver(evidence)).append(": ");
    } else if (dryRun) {
      text.append(" would be tuned, to: ");
    } else {
      text.append(" is tuned: ");
    }
    text.append(dryRun && gain.isObject() ? "" : answer.path("words").asText()).append('\n');
    if (gain.isObject()) {
      text.append("  before  ").append(figures(gain.path("before"))).append('\n');
      text.append("  after   ").append(figures(gain.path("after"))).append('\n');
    }
    text.append(tried(evidence.path("tried")));
    if (answer.path("changed").asBoolean()) {
      text.append("to take it back: %s models untune %s%n".formatted(cloister, name));
    }
    return text.toString();
  }

  private static String timeOver(JsonNode evidence) {
    int missed = 0;
    for (JsonNode each : evidence.path("tried")) {
      missed += List.of("no_time", "given_up").contains(each.path("outcome").asText()) ? 1 : 0;
    }
    if (missed == 0) {
      return "was better";
    }
    return missed < evidence.path("tried").size()
        ? "was better of what was tried in the time there was (--time)"
        : "else was tried in the time there was (--time)";
  }

  private static String figures(JsonNode figures) {
    return String.format(
        Locale.ROOT,
        "%,.0f µs of processor time for an answer, %,.0f answers a second, %.1f ms for one alone",
        figures.path("cpu_us").asDouble(),
        figures.path("per_second").asDouble(),
        figures.path("alone_ms").asDouble());
  }

  private static String tried(JsonNode tried) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode each : tried) {
      JsonNode figures = each.path("figures");
      rows.add(
          List.of(
              "  " + each.path("words").asText(),
              ratio(figures, "cpu_ratio"),
              ratio(figures, "rate_ratio"),
              ratio(figures, "alone_ratio"),
              outcome(each)));
    }
    List<String> heading = List.of("  tried", "processor", "answers/s", "alone", "");
    return new Table(heading, rows).text();
  }

  private static String ratio(JsonNode figures, String name) {
    return figures.isObject()
        ? String.format(Locale.ROOT, "× %.2f", figures.path(name).asDouble())
        : "-";
  }

  private static String outcome(JsonNode tried) {
    return switch (tried.path("outcome").asText()) {
      case "better" -> "better";
      case "refused" -> "refused: " + tried.path("reason").asText();
      case "given_up" -> "given up: " + tried.path("reason").asText();
      case "no_time" -> "not tried, the time is over";
      default -> "not better";
    };
  }
}
