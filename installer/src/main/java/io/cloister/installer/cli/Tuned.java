package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.installer.console.Table;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the operator is told of a trial of settings.
 *
 * @param answer the appliance's: docs/reference/api.md
 * @param cloister how the command is called here
 */
record Tuned(JsonNode answer, String cloister, boolean dryRun) {

  /** One line that says what can be done about the cost of models that are new here; or none. */
  static String offer(String cloister, List<InstalledPackage> before, Deployment deployment) {
    List<InstalledPackage> fresh =
        deployment.models().stream().filter(model -> !before.contains(model)).toList();
    if (fresh.isEmpty()) {
      return "";
    }
    String name = fresh.size() == 1 ? fresh.getFirst().name() : "NAME";
    return "to see whether it can be cheaper on this machine: %s models tune %s"
        .formatted(cloister, name);
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
    for (JsonNode each : evidence.path("tried")) {
      if (!each.path("outcome").asText().equals("no_time")) {
        return "was better";
      }
    }
    return "else was tried in the time there was (--time)";
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
      case "no_time" -> "not tried, the time is over";
      default -> "not better";
    };
  }
}
