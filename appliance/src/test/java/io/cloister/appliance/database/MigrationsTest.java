package io.cloister.appliance.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
  @TempDir Path folder;

  private JdbcDataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:file:" + folder.resolve("cloister"));
    database.setUser("sa");
    return database;
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  private void open() {
    Database.open(folder, Optional.empty()).close();
  }

  @Test
  void everyScriptOfTheFolderIsKnownByItsSum() throws Exception {
    try (Stream<Path> scripts = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(Migrations.SCRIPTS)
          .extracting(Migrations.Applied::script)
          .containsExactlyElementsOf(
              scripts.map(script -> String.valueOf(script.getFileName())).sorted().toList());
    }
    assertThat(Migrations.areApplied(database())).isFalse();
    open();
    assertThat(Migrations.areApplied(database())).isTrue();
  }

  @Test
  void aDatabaseOfAnotherSchemaIsStillMigrated() throws Exception {
    Flyway.configure()
        .dataSource(database())
        .locations("classpath:db/migration")
        .target("1")
        .load()
        .migrate();
    assertThat(Migrations.areApplied(database())).isFalse();
    open();
    assertThat(Migrations.areApplied(database())).isTrue();
    change("INSERT INTO acceptance VALUES ('" + "0".repeat(64) + "', NULL, 'now', '{}')");
  }

  @Test
  void aScriptThatWasAppliedInAnotherFormRefusesTheDatabase() throws Exception {
    open();
    change("UPDATE \"flyway_schema_history\" SET \"checksum\" = 1 WHERE \"version\" = '2'");
    assertThatThrownBy(this::open)
        .isInstanceOf(DatabaseFault.class)
        .hasStackTraceContaining("checksum mismatch");
  }

  @Test
  void aScriptThatFailedHalfWayIsNotTakenForApplied() throws Exception {
    open();
    change("UPDATE \"flyway_schema_history\" SET \"success\" = FALSE WHERE \"version\" = '2'");
    assertThatThrownBy(this::open).isInstanceOf(DatabaseFault.class);
  }
}
