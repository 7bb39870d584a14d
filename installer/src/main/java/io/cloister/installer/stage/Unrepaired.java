package io.cloister.installer.stage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** What the newest repair could not put right: for the person who looks at the machine next. */
public record Unrepaired(HostPaths paths) {
  private static final int FORMAT = 1;
  private static final int PACKAGES_MAX = 10_000;

  /** Packages by kind, name and version; none where the file cannot be read. */
  public List<String> read() throws IOException {
    try {
      Fields json = Fields.of(StrictJson.parse(Files.readAllBytes(paths.unrepaired())));
      json.integer("format", FORMAT, FORMAT);
      return json.texts("packages", PACKAGES_MAX);
    } catch (NoSuchFileException | JsonException e) {
      return List.of();
    }
  }

  public void write(List<String> packages) throws IOException {
    if (packages.isEmpty()) {
      DurableFiles.deleteIfExists(paths.unrepaired());
      return;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    ArrayNode names = json.putArray("packages");
    packages.forEach(names::add);
    DurableFiles.write(paths.unrepaired(), json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
