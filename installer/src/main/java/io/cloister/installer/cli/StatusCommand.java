package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.Down;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Table;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.DeploymentJson;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.Slot;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code cloister status}: what is installed, who signed it and when, and whether it serves. */
@Command(
    name = "status",
    description = "Show what is installed, who signed it and when, and whether it serves.")
final class StatusCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Override
  public Integer call() {
    return Media.parent(cloister).perform("", StatusCommand::status);
  }

  private static ExitCode status(Session session) throws Exception {
    Slots slots = session.installed();
    Deployment serving = slots.findServing().orElseThrow();
    Optional<JsonNode> service = session.service().findStatus(serving);
    if (service.isEmpty()) {
      session.refuseForeign();
    }
    boolean busy = HostLock.isHeld(session.paths());
    session
        .console()
        .result(
            json(slots, service).put("busy", busy),
            text(slots, serving, service)
                + service.map(s -> Tuned.notes(session.cloister(), s)).orElse("")
                + service.map(s -> Damage.text(session, s)).orElse("")
                + (busy ? "another command is working here\n" : ""));
    if (service.isEmpty()) {
      throw new InstallRefusedException(new Down(serving.release().version()));
    }
    return ExitCode.DONE;
  }

  private static ObjectNode json(Slots slots, Optional<JsonNode> service) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("running", service.isPresent());
    json.put("active", slots.active().orElseThrow().toString());
    ObjectNode both = json.putObject("slots");
    for (SlotName name : SlotName.values()) {
      Optional<Slot> slot = slots.find(name);
      if (slot.isPresent()) {
        ObjectNode entry = both.putObject(name.toString());
        entry.put("state", slot.get().state().toString());
        entry.put("reason", slot.get().reason().orElse(null));
        entry.set("deployment", DeploymentJson.encode(slot.get().deployment()));
      }
    }
    json.set("service", service.orElse(null));
    return json;
  }

  private static String text(Slots slots, Deployment serving, Optional<JsonNode> service) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("release", serving.release(), service.isPresent() ? "running" : "stopped"));
    for (InstalledPackage model : serving.models()) {
      rows.add(row("model", model, service.map(s -> state(s, model)).orElse("stopped")));
    }
    var text = new StringBuilder();
    text.append(
        new Table(List.of("", "name", "version", "state", "signed", "by keys"), rows).text());
    for (SlotName name : SlotName.values()) {
      slots.find(name).ifPresent(slot -> text.append(line(slots, name, slot)));
    }
    service.ifPresent(
        s -> {
          s.path("listeners")
              .properties()
              .forEach(l -> text.append(l.getKey() + "  " + l.getValue().asText() + "\n"));
          text.append("certificate  " + s.path("certificate_sha256").asText() + "\n");
        });
    return text.toString();
  }

  private static List<String> row(String kind, InstalledPackage installed, String state) {
    return List.of(
        kind,
        installed.name(),
        installed.version(),
        state,
        installed.provenance().signedAt().toString(),
        Media.keys(installed.provenance().keyIds()));
  }

  private static String state(JsonNode service, InstalledPackage model) {
    for (JsonNode each : service.path("models")) {
      if (each.path("name").asText().equals(model.name())
          && each.path("version").asText().equals(model.version())) {
        return each.path("state").asText();
      }
    }
    return "not loaded";
  }

  private static String line(Slots slots, SlotName name, Slot slot) {
    boolean active = slots.active().filter(name::equals).isPresent();
    return "slot %s  %s, %s: %s, generation %d%s\n"
        .formatted(
            name,
            active ? "active" : "inactive",
            slot.state(),
            slot.deployment().words(),
            slot.deployment().generation(),
            slot.reason().map(reason -> "\n        why  " + reason).orElse(""));
  }
}
