package io.cloister.installer.support;

import static io.cloister.installer.support.Forms.MESSAGE;
import static io.cloister.installer.support.Forms.NAME;
import static io.cloister.installer.support.Forms.NUMBER;
import static io.cloister.installer.support.Forms.STACK;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One line of a log: its known fields, or the place it names in a stack trace, or nothing. */
final class LogLine {
  private static final int charsMax = 64 << 10;
  private static final Allowed fields = new Allowed.Fields(fields());

  private LogLine() {}

  private static Map<String, Allowed> fields() {
    Map<String, Allowed> forms = new LinkedHashMap<>();
    List.of("time", "timestamp", "level", "logger", "thread", "event", "code")
        .forEach(key -> forms.put(key, NAME));
    forms.put("message", MESSAGE);
    List.of("release", "model", "model_name", "version", "model_version", "listener", "request_id")
        .forEach(key -> forms.put(key, NAME));
    forms.put("state", NAME);
    forms.put("method", NAME);
    List.of("status", "generation", "pid", "exit", "signal", "restarts", "port", "queue")
        .forEach(key -> forms.put(key, NUMBER));
    List.of("bytes", "milliseconds", "duration_ms", "micros", "count")
        .forEach(key -> forms.put(key, NUMBER));
    List.of("error", "reason").forEach(key -> forms.put(key, MESSAGE));
    List.of("exception", "thrown", "stack", "stack_trace").forEach(key -> forms.put(key, STACK));
    return forms;
  }

  static Optional<String> redacted(String line, Redactions redactions) {
    if (line.startsWith("{") && line.length() <= charsMax) {
      try {
        JsonNode tree = HostFiles.parseJson(line.getBytes(StandardCharsets.UTF_8));
        return Optional.of(fields.copy(tree, redactions).toString());
      } catch (IOException notJson) {
        redactions.count("log_line");
        return Optional.empty();
      }
    }
    Optional<String> place = StackTrace.findPlace(line);
    if (place.isEmpty() && !line.isBlank()) {
      redactions.count("log_line");
    }
    return place;
  }
}
