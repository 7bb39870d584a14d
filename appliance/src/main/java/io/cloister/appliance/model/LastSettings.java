package io.cloister.appliance.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.appliance.config.Documents;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A note of the tuned settings that versions ran with last, for a start to begin them with before
 * the database is open. Nothing is decided by it: a note that is wrong costs a second load.
 */
public final class LastSettings {
  private static final System.Logger LOG = System.getLogger(LastSettings.class.getName());
  private static final int BYTES_MAX = 1 << 20;
  private static final int NOTES_MAX = 100;

  private final Optional<Path> file;
  private final LinkedHashMap<String, RunSettings> noted = new LinkedHashMap<>();

  private LastSettings(Optional<Path> file) {
    this.file = file;
  }

  /** Of the life of one process. */
  public static LastSettings none() {
    return new LastSettings(Optional.empty());
  }

  /** What the file holds, or nothing where it cannot be used. */
  public static LastSettings read(Path file) {
    LastSettings last = new LastSettings(Optional.of(file));
    try {
      if (Files.exists(file)) {
        JsonNode notes = Documents.parseJson(Documents.read(file, BYTES_MAX));
        for (Map.Entry<String, JsonNode> note : notes.properties()) {
          last.noted.put(note.getKey(), Tuning.parse(note.getValue()));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the note of tuned settings is not used: {0}", e.getMessage());
    }
    return last;
  }

  /** The package's own when empty. */
  public synchronized Optional<RunSettings> find(ModelVersion model) {
    return Optional.ofNullable(noted.get(model.manifestSha256()));
  }

  /**
   * Notes what a version runs with now; a note that cannot be written is none.
   *
   * @param tuned the package's own when empty
   */
  public synchronized void note(ModelVersion model, Optional<RunSettings> tuned) {
    if (find(model).equals(tuned)) {
      return;
    }
    noted.remove(model.manifestSha256());
    if (noted.size() >= NOTES_MAX) {
      noted.pollFirstEntry();
    }
    tuned.ifPresent(settings -> noted.put(model.manifestSha256(), settings));
    try {
      if (file.isPresent()) {
        DurableFiles.write(file.get(), encode());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "tuned settings are not noted: {0}", e.toString());
    }
  }

  private byte[] encode() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    noted.forEach((manifest, settings) -> json.set(manifest, Tuning.encode(settings)));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
