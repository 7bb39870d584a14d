package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.Arguments;
import io.cloister.installer.InstallRefusal.Down;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Step;
import io.cloister.installer.console.Table;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.repo.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cloister models}: the models that serve, and the settings that they run with here. */
@Command(
    name = "models",
    description = "The models that serve, and the settings that they run with on this machine.",
    synopsisSubcommandLabel = "COMMAND")
public final class ModelsCommand {
  private static final Pattern TIME = Pattern.compile("(\\d{1,4})([smh])");
  private static final Duration TIME_MIN = Duration.ofSeconds(30);
  private static final Duration TIME_MAX = Duration.ofHours(1);

  @ParentCommand private @Nullable Cloister cloister;

  /** {@code cloister models list}. */
  @Command(
      name = "list",
      description = "Shows each model, its state, the settings in effect and where they are from.")
  int list() {
    return Media.parent(cloister).perform("", ModelsCommand::list);
  }

  /** {@code cloister models tune}. */
  @Command(
      name = "tune",
      description = {
        "Measures settings of the engine on this machine, and serves with the best of them.",
        "Settings with which a golden row fails are not taken. The model answers all the while:",
        "other workers of it, of low priority, are measured. Ctrl-C ends that."
      })
  int tune(
      @Parameters(paramLabel = "NAME", description = "The model.") String name,
      @Option(names = "--dry-run", description = "Measure, and change nothing.") boolean dryRun,
      @Option(
              names = "--time",
              paramLabel = "DURATION",
              defaultValue = "3m",
              description = {
                "Measuring ends by then, in a candidate too,",
                "e.g. 90s or 10m; 30s to 1h.",
                "Default: ${DEFAULT-VALUE}."
              })
          String time) {
    return Media.parent(cloister)
        .perform("", session -> tune(session, name, dryRun, duration(time)));
  }

  /** {@code cloister models untune}. */
  @Command(
      name = "untune",
      description = "Serves with the package's own settings again, and forgets what was measured.")
  int untune(@Parameters(paramLabel = "NAME", description = "The model.") String name) {
    return Media.parent(cloister).perform("", session -> untune(session, name));
  }

  private static Duration duration(String text) throws InstallRefusedException {
    Matcher matcher = TIME.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration time =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
          };
      if (time.compareTo(TIME_MIN) >= 0 && time.compareTo(TIME_MAX) <= 0) {
        return time;
      }
    }
    throw new InstallRefusedException(
        new Arguments(
            "--time is 30s to 1h, e.g. 90s or 10m, not " + text, "cloister models tune --help"));
  }

  private static ExitCode list(Session session) throws Exception {
    Deployment serving = session.installed().findServing().orElseThrow();
    JsonNode status =
        session
            .service()
            .findStatus(serving)
            .orElseThrow(() -> new InstallRefusedException(new Down(serving.release().version())));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode models = json.putArray("models");
    List<List<String>> rows = new ArrayList<>();
    String notes = Tuned.notes(session.cloister(), status);
    for (JsonNode model : status.path("models")) {
      JsonNode settings = model.path("settings");
      models
          .addObject()
          .put("name", model.path("name").asText())
          .put("version", model.path("version").asText())
          .put("state", model.path("state").asText())
          .set("settings", settings.isObject() ? settings : null);
      rows.add(
          List.of(
              model.path("name").asText(),
              model.path("version").asText(),
              model.path("state").asText(),
              from(settings),
              settings.path("words").asText("-")));
    }
    List<String> heading = List.of("name", "version", "state", "settings from", "settings");
    session.console().result(json, new Table(heading, rows).text() + notes);
    return ExitCode.DONE;
  }

  private static String from(JsonNode settings) {
    return settings.hasNonNull("tuned_at")
        ? "tuned " + settings.path("tuned_at").asText().replaceAll("T.*", "")
        : settings.isObject() ? "package" : "-";
  }

  private static ExitCode tune(Session session, String name, boolean dryRun, Duration time)
      throws Exception {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("model", name).put("seconds", time.toSeconds()).put("keep", !dryRun);
    String interrupted =
        "interrupted; the trial ends, and %s keeps its settings, unless it was changing over: %s"
            .formatted(name, session.cloister() + " models list");
    try (HostLock _ = session.lock();
        Interruption _ = Interruption.watch(session, interrupted)) {
      Deployment serving = session.settled().findServing().orElseThrow();
      JsonNode answer;
      try (Step step = session.console().step("tune " + name)) {
        answer = ask(session, serving, "tune", fields, step::doing);
        step.done();
      }
      session
          .console()
          .result((ObjectNode) answer, new Tuned(answer, session.cloister(), dryRun).text());
      return ExitCode.DONE;
    }
  }

  private static ExitCode untune(Session session, String name) throws Exception {
    try (HostLock _ = session.lock()) {
      Deployment serving = session.settled().findServing().orElseThrow();
      ObjectNode fields = JsonNodeFactory.instance.objectNode().put("model", name);
      JsonNode answer = ask(session, serving, "untune", fields, _ -> {});
      session
          .console()
          .result(
              (ObjectNode) answer,
              "%s %s runs with its package's settings%s: %s"
                  .formatted(
                      name,
                      answer.path("version").asText(),
                      answer.path("changed").asBoolean() ? " again" : ", as before",
                      answer.path("words").asText()));
      return ExitCode.DONE;
    }
  }

  private static JsonNode ask(
      Session session,
      Deployment serving,
      String request,
      ObjectNode fields,
      Consumer<String> progress)
      throws Exception {
    return session.service().tune(serving, request, fields, progress);
  }
}
