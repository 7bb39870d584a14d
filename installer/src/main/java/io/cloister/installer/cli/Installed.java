package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.activate.Identity;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.DeploymentJson;
import io.cloister.installer.stage.SettingsFile;
import java.nio.file.Path;
import java.util.Optional;

/** What the operator is told at the end of an install: once, for the token is kept nowhere. */
record Installed(
    Deployment deployment, SettingsFile settings, Identity identity, Optional<Path> tokenFile) {

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("slot", "a");
    json.set("deployment", DeploymentJson.encode(deployment));
    json.put("inference_url", settings.inference().url());
    json.put("console_url", settings.console().url());
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
    text.append("\n  inference    ").append(settings.inference().url());
    text.append("\n  console      ").append(settings.console().url());
    text.append("\n  certificate  ").append(identity.certificateSha256());
    text.append("\n  token        ")
        .append(identity.token().orElse("the one of the earlier install"));
    tokenFile.ifPresent(file -> text.append("\n               also in ").append(file));
    identity
        .token()
        .ifPresent(
            _ -> text.append("\nThe token is shown this once; it is not kept in readable form.\n"));
    return text.toString();
  }
}
