package io.cloister.appliance.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.config.DataKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir Path folder;

  private static int set(Database database, String sql) {
    return database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
          }
        });
  }

  private static int count(Database database) {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM setting")) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  @Test
  void whatWasCommittedIsThereAfterOpeningAgain() {
    try (Database database = Database.open(folder, Optional.empty())) {
      set(database, "INSERT INTO setting VALUES ('a', '1')");
    }
    try (Database database = Database.open(folder, Optional.empty())) {
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void aTransactionThatFailsLeavesNothing() {
    try (Database database = Database.open(folder, Optional.empty())) {
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      connection -> {
                        insert(connection);
                        throw new SQLException("half way");
                      }))
          .isInstanceOf(DatabaseFault.class)
          .rootCause()
          .hasMessage("half way");
      assertThat(count(database)).isZero();
    }
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO setting VALUES ('a', '1')");
    }
  }

  @Test
  void aTransactionThatEndsInAnErrorLeavesNothing() {
    try (Database database = Database.open(folder, Optional.empty())) {
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      connection -> {
                        insert(connection);
                        throw new StackOverflowError("half way");
                      }))
          .isInstanceOf(StackOverflowError.class);
      assertThat(count(database)).isZero();
    }
  }

  private static final DataKey KEY = new DataKey("0123456789abcdef".repeat(4));

  private static void insert(Database database, String name) {
    set(database, "INSERT INTO setting VALUES ('" + name + "', '1')");
  }

  @Test
  void aSuccessorTakesTheDataOverAndTheOldOneKeepsItsOwnAsItWas() throws Exception {
    for (Optional<DataKey> key : List.of(Optional.<DataKey>empty(), Optional.of(KEY))) {
      Path old = folder.resolve("old" + key.isPresent());
      Path successor = folder.resolve("new" + key.isPresent());
      try (Database database = Database.open(old, key)) {
        insert(database, "a");
        database.handOver(successor);
        assertThatThrownBy(() -> insert(database, "lost")).hasRootCauseMessage(TAKEN_OVER);
        try (Database next = Database.open(successor, key)) {
          assertThat(count(next)).isEqualTo(1);
          insert(next, "b");
        }
        database.resume();
        assertThat(count(database)).isEqualTo(1);
        insert(database, "c");
      }
      try (Database next = Database.open(successor, key)) {
        assertThat(count(next)).isEqualTo(2);
      }
    }
  }

  private static final String TAKEN_OVER = "an update is taking the data over";

  @Test
  void aHandoverThatFailsTellsNobodyTheKey() throws Exception {
    Files.writeString(folder.resolve("handed-over.sql"), "nothing that was encrypted");
    StringWriter trace = new StringWriter();
    assertThatThrownBy(() -> Database.open(folder, Optional.of(KEY)))
        .isInstanceOfSatisfying(
            DatabaseFault.class, fault -> fault.printStackTrace(new PrintWriter(trace)));
    assertThat(trace.toString()).contains("SQL statement").doesNotContain(KEY.hex());
  }

  @Test
  void anotherHandoverReplacesWhatTheSuccessorHad() throws Exception {
    Path successor = folder.resolve("new");
    try (Database database = Database.open(folder.resolve("old"), Optional.empty())) {
      database.handOver(successor);
      try (Database next = Database.open(successor, Optional.empty())) {
        insert(next, "gone");
        insert(next, "gone too");
      }
      database.resume();
      insert(database, "a");
      database.handOver(successor);
    }
    try (Database next = Database.open(successor, Optional.empty())) {
      assertThat(count(next)).isEqualTo(1);
    }
  }

  @Test
  void anOlderReleaseTakesBackWhatANewerOneMigrated() throws Exception {
    try (Database newer = Database.open(folder.resolve("newer"), Optional.empty())) {
      insert(newer, "a");
      set(newer, "CREATE TABLE of_the_newer (x INTEGER)");
      set(
          newer,
          """
          INSERT INTO "flyway_schema_history" SELECT 99, '99', 'later', 'SQL', 'V99__later.sql',
            7, 'SA', CURRENT_TIMESTAMP, 1, TRUE""");
      newer.handOver(folder.resolve("older"));
    }
    try (Database older = Database.open(folder.resolve("older"), Optional.empty())) {
      assertThat(count(older)).isEqualTo(1);
    }
  }

  @Test
  void anImportThatWasInterruptedBeginsAgain() throws Exception {
    Path successor = folder.resolve("new");
    try (Database database = Database.open(folder.resolve("old"), Optional.empty())) {
      insert(database, "a");
      database.handOver(successor);
    }
    Files.writeString(successor.resolve("cloister.mv.db"), "half a database");
    try (Database next = Database.open(successor, Optional.empty())) {
      assertThat(count(next)).isEqualTo(1);
    }
    assertThat(successor.resolve("handed-over.sql")).doesNotExist();
  }

  @Test
  void withAKeyNothingOnTheDiskIsReadable() throws Exception {
    Path successor = folder.resolve("new");
    try (Database database = Database.open(folder.resolve("old"), Optional.of(KEY))) {
      insert(database, "unmistakable");
      database.handOver(successor);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain("unmistakable");
      }
    }
    assertThatThrownBy(() -> Database.open(folder.resolve("old"), Optional.empty()))
        .isInstanceOf(DatabaseFault.class);
  }

  @Test
  void manyWritersTakeTurns() throws Exception {
    try (Database database = Database.open(folder, Optional.empty())) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String sql = "INSERT INTO setting VALUES ('" + i + "', '1')";
        writers.add(Thread.ofVirtual().start(() -> set(database, sql)));
      }
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(count(database)).isEqualTo(16);
    }
  }
}
