package io.cloister.appliance.database;

import io.cloister.appliance.config.DataKey;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole content of a database as SQL, which every version of H2 reads; its own files are of one
 * version. It lies in the folder of the release that is to take it over, and is imported when that
 * one opens its database: again from the start, if that is interrupted.
 *
 * @param folder of the successor's database
 */
record Handover(Path folder, Optional<DataKey> key) {
  private static final String NAME = "handed-over.sql";

  private Path script() {
    return folder.resolve(NAME);
  }

  /** Writes it, in the place of whatever an earlier try left there. */
  void write(Connection connection) throws SQLException, IOException {
    DurableFiles.createFolders(folder);
    forget();
    prepare();
    Path unfinished = folder.resolve(NAME + ".new");
    execute(connection, "SCRIPT TO " + quoted(unfinished));
    DurableFiles.forceFile(unfinished);
    DurableFiles.move(unfinished, script());
  }

  boolean isWaiting() {
    return Files.exists(script());
  }

  /** Makes room for {@link #importInto}: an import that was interrupted is none. */
  void prepare() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!file.equals(script())) {
          Files.delete(file);
        }
      }
    }
  }

  /** Takes it over into an empty database; the caller forces that to the disk, then forgets. */
  void importInto(Connection connection) throws SQLException {
    execute(connection, "RUNSCRIPT FROM " + quoted(script()));
  }

  void forget() throws IOException {
    DurableFiles.deleteIfExists(script());
  }

  private void execute(Connection connection, String command) throws SQLException {
    // H2 repeats a statement in what it throws, unless that has this word.
    String cipher = key.map(k -> " CIPHER AES PASSWORD '" + k.hex() + "' --hide--").orElse("");
    try (Statement statement = connection.createStatement()) {
      statement.execute(command + cipher);
    }
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
