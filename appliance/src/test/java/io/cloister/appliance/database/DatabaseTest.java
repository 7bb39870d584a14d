package io.cloister.appliance.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
    try (Database database = Database.open(folder)) {
      set(database, "INSERT INTO setting VALUES ('a', '1')");
    }
    try (Database database = Database.open(folder)) {
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void aTransactionThatFailsLeavesNothing() {
    try (Database database = Database.open(folder)) {
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      connection -> {
                        try (Statement statement = connection.createStatement()) {
                          statement.executeUpdate("INSERT INTO setting VALUES ('a', '1')");
                        }
                        throw new SQLException("half way");
                      }))
          .isInstanceOf(DatabaseFault.class)
          .rootCause()
          .hasMessage("half way");
      assertThat(count(database)).isZero();
    }
  }

  @Test
  void manyWritersTakeTurns() throws Exception {
    try (Database database = Database.open(folder)) {
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
