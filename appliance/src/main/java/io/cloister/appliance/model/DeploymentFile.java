package io.cloister.appliance.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.config.Fields;
import io.cloister.appliance.config.SettingsRefused.Fault;
import io.cloister.appliance.model.Deployment.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the installer tells a release to serve: docs/format/deployment.md. */
public final class DeploymentFile {
  private static final int FILE_BYTES_MAX = 4 << 20;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern FOLDER = Pattern.compile("models/[A-Za-z0-9._+-]+/[A-Za-z0-9._+-]+");

  private DeploymentFile() {}

  /** Throws {@link IOException} with the path and every fault of a file that is no deployment. */
  public static Deployment read(Path file) throws IOException {
    List<Fault> faults = new ArrayList<>();
    Fields top =
        Fields.of(
            "",
            Documents.parseJson(Documents.read(file, FILE_BYTES_MAX)),
            Set.of("format", "generation", "installed_at", "release", "models", "candidate"),
            faults);
    if (top.whole("format", 0, 1, 1) != 1) {
      faults.add(new Fault("format", "is missing"));
    }
    long generation = top.whole("generation", 0, 1, Long.MAX_VALUE);
    Instant installedAt = instant(top, "installed_at");
    Release release = release(top);
    boolean candidate = top.flag("candidate", false);
    List<ModelVersion> models = models(top);
    try {
      if (faults.isEmpty()) {
        return new Deployment(generation, installedAt, release, models, candidate);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    throw new IOException(file + ": " + faults);
  }

  private static Release release(Fields top) {
    Fields fields =
        top.child("release", Set.of("version", "platform", "manifest_sha256", "provenance"));
    return new Release(
        fields.text("version"),
        fields.text("platform"),
        matching(fields, "manifest_sha256", SHA256),
        provenance(fields));
  }

  private static List<ModelVersion> models(Fields top) {
    List<ModelVersion> models = new ArrayList<>();
    for (JsonNode node : top.object().path("models")) {
      Fields fields =
          Fields.of(
              "models[" + models.size() + "]",
              node,
              Set.of("name", "version", "manifest_sha256", "folder", "provenance"),
              top.faults());
      models.add(
          new ModelVersion(
              fields.text("name"),
              fields.text("version"),
              matching(fields, "manifest_sha256", SHA256),
              matching(fields, "folder", FOLDER),
              provenance(fields)));
    }
    return models;
  }

  private static Provenance provenance(Fields parent) {
    Fields fields = parent.child("provenance", Set.of("targets_version", "signed_at", "keyids"));
    List<String> keyids = new ArrayList<>();
    fields.object().path("keyids").forEach(keyid -> keyids.add(keyid.asText()));
    return new Provenance(
        fields.whole("targets_version", 0, 1, Long.MAX_VALUE),
        instant(fields, "signed_at"),
        keyids);
  }

  private static String matching(Fields fields, String name, Pattern form) {
    String value = fields.text(name);
    boolean matches = form.matcher(value).matches() && !value.contains("..");
    if (!value.isEmpty() && !matches) {
      fields.faults().add(new Fault(fields.at(name), "does not match " + form + ": " + value));
    }
    return value;
  }

  private static Instant instant(Fields fields, String name) {
    String value = fields.text(name);
    try {
      return Instant.parse(value);
    } catch (DateTimeException e) {
      fields.faults().add(new Fault(fields.at(name), "is not a time: " + value));
      return Instant.EPOCH;
    }
  }
}
