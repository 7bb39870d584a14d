package io.cloister.installer.support;

import static io.cloister.installer.support.Forms.DIGEST;
import static io.cloister.installer.support.Forms.NAME;
import static io.cloister.installer.support.Forms.NUMBER;
import static io.cloister.installer.support.Forms.fields;
import static io.cloister.installer.support.Forms.items;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.regex.Pattern;

/** Roles, versions and times of the trusted metadata, and which keys signed them. */
record TrustCollector(HostFiles files) implements Collector {
  private static final Pattern fileName =
      Pattern.compile("(?:\\d{1,9}\\.)?(?:root|targets|snapshot|timestamp)\\.json");

  private static final Allowed metadata =
      fields(
          "signed",
          fields(
              "_type", NAME,
              "version", NUMBER,
              "expires", NAME,
              "signed_at", NAME,
              "spec_version", NAME),
          "signatures",
          items(fields("keyid", DIGEST)));

  @Override
  public String entry() {
    return "trust.json";
  }

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ArrayNode roles = tree.putArray("metadata");
    for (String name : files.names(files.paths().trust())) {
      if (fileName.matcher(name).matches()) {
        roles.add(role(name));
      } else {
        redactions.count("file_name");
      }
    }
    return Collected.json(tree);
  }

  private ObjectNode role(String name) {
    ObjectNode role = JsonNodeFactory.instance.objectNode().put("file", name);
    try {
      JsonNode tree = files.readJson(files.paths().trust().resolve(name));
      // What metadata holds beyond this is public, and on the medium: nothing is counted.
      return role.setAll((ObjectNode) metadata.copy(tree, new Redactions()));
    } catch (IOException | ClassCastException unreadable) {
      return role.put("unreadable", NotCollectedException.reason(unreadable));
    }
  }
}
