package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.installer.stage.Unrepaired;
import java.io.IOException;
import java.util.List;

/** What the running service has found changed, and who puts it right: lines of the status. */
final class Damage {
  private Damage() {}

  /**
   * Nothing, where nothing was found.
   *
   * @param status what the service says of itself
   */
  static String text(Session session, JsonNode status) {
    JsonNode scrub = status.path("scrub");
    if (scrub.path("fault_count").asInt() == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode fault : scrub.path("faults")) {
      text.append("changed  %s %s\n".formatted(words(fault, "package"), words(fault, "file")));
    }
    int more = scrub.path("fault_count").asInt() - scrub.path("faults").size();
    if (more > 0) {
      text.append("changed  %d more\n".formatted(more));
    }
    return text.append("next     ").append(next(session, scrub)).append('\n').toString();
  }

  private static String next(Session session, JsonNode scrub) {
    List<String> unrepaired = unrepaired(session);
    for (JsonNode fault : scrub.path("faults")) {
      if (unrepaired.contains(words(fault, "package"))) {
        return "put in a medium that holds what is installed and run: "
            + session.cloister()
            + " repair MEDIA";
      }
    }
    return (session.anyPaths().isHost() ? "it is put right within minutes; at once: " : "")
        + session.cloister()
        + " repair";
  }

  private static List<String> unrepaired(Session session) {
    try {
      return new Unrepaired(session.anyPaths()).read();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String words(JsonNode fault, String field) {
    return fault.path(field).asText();
  }
}
