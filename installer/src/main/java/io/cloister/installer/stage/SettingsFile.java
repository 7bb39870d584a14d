package io.cloister.installer.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.cloister.installer.InstallRefusal.HostFileFault;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * etc/cloister/cloister.yaml: written once, at install; the site's own from then on.
 *
 * @param inference for applications
 * @param console for people
 */
public record SettingsFile(Listener inference, Listener console) {
  /** Writes the file, unless the site has one from an earlier install. */
  public void write(HostPaths paths) throws IOException {
    if (Files.notExists(paths.settings())) {
      DurableFiles.createFolders(paths.configuration());
      String text =
          """
          # Where the service listens, and what one caller may ask of it. It is read at start.
          listeners:
            inference: {address: "%s", port: %d}
            console:   {address: "%s", port: %d}
          limits: {request_bytes: 16777216, queue_per_model: 64, request_seconds: 30}
          # How often installed files are hashed again in the background; 0 for never.
          scrub: {hours: 24, mib_per_second: 16}
          # A line for each request, in files that together take at most so many MiB; 0 for none.
          access_log: {mib: 64}
          """
              .formatted(inference.address(), inference.port(), console.address(), console.port());
      DurableFiles.write(paths.settings(), text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** By the names that they have in the file. */
  public Map<String, Listener> listeners() {
    return Map.of("inference", inference, "console", console);
  }

  /** The listeners of the site's file; empty when there is none, or none that can be read. */
  public static Optional<SettingsFile> find(HostPaths paths) {
    try {
      JsonNode listeners =
          new YAMLMapper().readTree(Files.readAllBytes(paths.settings())).path("listeners");
      return Optional.of(
          new SettingsFile(
              listener(listeners.path("inference")), listener(listeners.path("console"))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The listeners of the site's file, which must be there. */
  public static Map<String, Listener> require(HostPaths paths) throws InstallRefusedException {
    return find(paths)
        .map(SettingsFile::listeners)
        .orElseThrow(
            () ->
                new InstallRefusedException(
                    new HostFileFault(
                        paths.settings().toString(), "its listeners cannot be read")));
  }

  private static Listener listener(JsonNode node) {
    return new Listener(node.path("address").asText(), node.path("port").asInt());
  }
}
