package io.cloister.installer.slot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.client.Provenance;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import java.util.ArrayList;
import java.util.List;

/** deployment.json, version 1 of its format: docs/format/deployment.md. */
public final class DeploymentJson {
  private static final int FORMAT = 1;
  private static final int MODELS_MAX = 1000;
  private static final int KEYS_MAX = 1000;

  private DeploymentJson() {}

  /** Every field, in the order of the format's page. */
  public static ObjectNode encode(Deployment deployment) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("generation", deployment.generation());
    json.put("installed_at", deployment.installedAt().toString());
    ObjectNode release = json.putObject("release");
    release.put("version", deployment.release().version());
    release.put("platform", deployment.release().name());
    encodeProof(release, deployment.release());
    ArrayNode models = json.putArray("models");
    for (InstalledPackage model : deployment.models()) {
      ObjectNode entry = models.addObject();
      entry.put("name", model.name());
      entry.put("version", model.version());
      entry.put("folder", "models/" + model.name() + "/" + model.version());
      encodeProof(entry, model);
    }
    return json;
  }

  private static void encodeProof(ObjectNode entry, InstalledPackage installed) {
    entry.put("manifest_sha256", installed.manifestSha256().hex());
    ObjectNode provenance = entry.putObject("provenance");
    provenance.put("targets_version", installed.provenance().targetsVersion());
    provenance.put("signed_at", installed.provenance().signedAt().toString());
    ArrayNode keys = provenance.putArray("keyids");
    installed.provenance().keyIds().forEach(keys::add);
  }

  /** Refuses what is not of this format. */
  public static Deployment parse(Fields json) throws JsonException {
    json.integer("format", FORMAT, FORMAT);
    List<InstalledPackage> models = new ArrayList<>();
    for (Fields model : json.objects("models", MODELS_MAX)) {
      models.add(parsePackage(Kind.MODEL, model, "name"));
    }
    return new Deployment(
        json.integer("generation", 1, Long.MAX_VALUE),
        json.time("installed_at"),
        parsePackage(Kind.RUNTIME, json.object("release"), "platform"),
        models);
  }

  private static InstalledPackage parsePackage(Kind kind, Fields entry, String nameField)
      throws JsonException {
    Fields provenance = entry.object("provenance");
    return new InstalledPackage(
        parseId(kind, entry.text(nameField), entry.text("version")),
        entry.sha256("manifest_sha256"),
        new Provenance(
            provenance.integer("targets_version", 1, Long.MAX_VALUE),
            provenance.time("signed_at"),
            provenance.texts("keyids", KEYS_MAX)));
  }

  private static PackageId parseId(Kind kind, String name, String version) throws JsonException {
    try {
      return new PackageId(kind, name, Version.parse(version));
    } catch (IllegalArgumentException e) {
      throw new JsonException(name + " " + version + ": " + e.getMessage());
    }
  }
}
