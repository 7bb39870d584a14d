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
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One line of a log: its known fields, or the place it names in a stack trace or crash, or nothing.
 */
record LogLine(Allowed fields) {
  private static final int charsMax = 64 << 10;

  /** As the appliance makes one: a caller may send another, which may name a customer of theirs. */
  private static final Allowed ownId = new Allowed.Text(Pattern.compile("[0-9a-f]{16}"));

  private static final Allowed method =
      new Allowed.OneOf(
          Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"));

  /**
   * A line of the service's log.
   *
   * @param installed what may be named: callers ask for models of any name
   */
  static LogLine of(NamedPackages installed) {
    return new LogLine(new Allowed.Fields(forms(installed.form())));
  }

  private static Map<String, Allowed> forms(Allowed installed) {
    Map<String, Allowed> forms = new LinkedHashMap<>();
    List.of("time", "timestamp", "level", "logger", "thread", "event", "code")
        .forEach(key -> forms.put(key, NAME));
    forms.put("message", MESSAGE);
    List.of("model", "model_name", "version", "model_version")
        .forEach(key -> forms.put(key, installed));
    List.of("release", "listener", "state").forEach(key -> forms.put(key, NAME));
    forms.put("request_id", ownId);
    forms.put("method", method);
    List.of("status", "generation", "pid", "exit", "signal", "restarts", "port", "queue")
        .forEach(key -> forms.put(key, NUMBER));
    List.of("bytes", "milliseconds", "duration_ms", "micros", "count")
        .forEach(key -> forms.put(key, NUMBER));
    List.of("error", "reason").forEach(key -> forms.put(key, MESSAGE));
    List.of("exception", "thrown", "stack", "stack_trace").forEach(key -> forms.put(key, STACK));
    return forms;
  }

  Optional<String> redacted(String line, Redactions redactions) {
    if (line.startsWith("{") && line.length() <= charsMax) {
      try {
        JsonNode tree = HostFiles.parseJson(line.getBytes(StandardCharsets.UTF_8));
        return Optional.of(fields.copy(tree, redactions).toString());
      } catch (IOException notJson) {
        redactions.count("log_line");
        return Optional.empty();
      }
    }
    Optional<String> place = StackTrace.findPlace(line).or(() -> StackTrace.findCrash(line));
    if (place.isEmpty() && !line.isBlank()) {
      redactions.count("log_line");
    }
    return place;
  }
}
