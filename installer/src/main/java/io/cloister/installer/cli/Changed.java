package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.DeploymentJson;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.SlotName;

/** What the operator is told when another deployment serves. */
final class Changed {
  private Changed() {}

  static void report(
      Session session, SlotName slot, Deployment before, Deployment deployment, String offer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("slot", slot.toString());
    json.set("deployment", DeploymentJson.encode(deployment));
    var text = new StringBuilder();
    text.append("slot %s serves: release %s".formatted(slot, deployment.release().version()));
    for (InstalledPackage model : deployment.models()) {
      text.append("\n  model        ").append(model.name()).append(' ').append(model.version());
    }
    text.append("\nin the other slot: ")
        .append(previous(before, deployment))
        .append("; to change to that: ");
    text.append(session.cloister()).append(" rollback");
    text.append(offer.isEmpty() ? "" : "\n" + offer);
    session.console().result(json, text.toString());
  }

  /** The release, and the models that are others than now. */
  private static String previous(Deployment before, Deployment now) {
    var text = new StringBuilder("release " + before.release().version());
    for (InstalledPackage model : before.models()) {
      if (!now.models().contains(model)) {
        text.append(", ").append(model.name()).append(' ').append(model.version());
      }
    }
    return text.toString();
  }
}
