package io.cloister.installer.stage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether what is staged belongs to a set of volumes that is not read to its end: then it stays,
 * through an interruption and for the next run. Which chunks are there is not written down: they
 * are hashed again.
 */
public record PausedSet(HostPaths paths) {
  private static final int FORMAT = 1;

  private Path file() {
    return paths.journal().resolve("volumes.json");
  }

  /** The set; empty also where the note cannot be read, for then everything is read anew. */
  public Optional<String> find() throws IOException {
    try {
      Fields note = Fields.of(StrictJson.parse(Files.readAllBytes(file())));
      note.integer("format", FORMAT, FORMAT);
      return Optional.of(note.sha256("set").hex());
    } catch (NoSuchFileException | JsonException e) {
      return Optional.empty();
    }
  }

  void write(String set) throws IOException {
    DurableFiles.createFolders(paths.journal());
    String note =
        JsonNodeFactory.instance.objectNode().put("format", FORMAT).put("set", set).toString();
    DurableFiles.write(file(), note.getBytes(StandardCharsets.UTF_8));
  }

  /** What is staged is a leftover from now on. */
  public void forget() throws IOException {
    DurableFiles.deleteIfExists(file());
  }
}
