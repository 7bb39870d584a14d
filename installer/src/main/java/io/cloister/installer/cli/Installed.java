package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.activate.Identity;
import io.cloister.installer.host.Listener;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.DeploymentJson;
import io.cloister.installer.stage.SettingsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the operator is told at the end of an install: once, for the token is kept nowhere. */
record Installed(
    Deployment deployment,
    SettingsFile settings,
    Identity identity,
    Optional<Path> tokenFile,
    List<String> hostNames,
    String offer) {
  private static final int NAMES_MAX = 4;

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("slot", "a");
    json.set("deployment", DeploymentJson.encode(deployment));
    json.put("inference_url", settings.inference().url());
    json.put("console_url", settings.console().url());
    ArrayNode others = json.putArray("other_console_urls");
    settings.console().urls(hostNames).forEach(others::add);
    json.put("certificate_sha256", identity.certificateSha256());
    json.put("token", identity.token().orElse(null));
    json.put("token_file", tokenFile.map(Path::toString).orElse(null));
    return json;
  }

  String text() {
    var text = new StringBuilder();
    text.append("release %s serves".formatted(deployment.release().version()));
    deployment
        .models()
        .forEach(
            model ->
                text.append("\n  model        ")
                    .append(model.name())
                    .append(' ')
                    .append(model.version()));
    append(text, "inference    ", settings.inference());
    append(text, "console      ", settings.console());
    text.append("\n  certificate  ").append(identity.certificateSha256());
    text.append("\n  token        ")
        .append(identity.token().orElse("the one of the earlier install"));
    tokenFile.ifPresent(file -> text.append("\n               also in ").append(file));
    identity
        .token()
        .ifPresent(
            _ -> text.append("\nThe token is shown this once; it is not kept in readable form.\n"));
    text.append(text.toString().endsWith("\n") ? "" : "\n").append(offer);
    return text.toString();
  }

  private void append(StringBuilder text, String label, Listener listener) {
    text.append("\n  ").append(label).append(listener.url());
    listener.urls(hostNames).stream()
        .limit(NAMES_MAX)
        .forEach(url -> text.append("\n").append(" ".repeat(15)).append(url));
  }
}
