package io.cloister.appliance.model;

import io.cloister.appliance.config.Documents;
import io.cloister.appliance.database.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The settings chosen for model versions on this machine, kept in the database. */
public final class Tunings {
  /** Over two slots of as many models as a deployment may have. */
  private static final int TUNINGS_MAX = 4_000;

  private final Database database;

  public Tunings(Database database) {
    this.database = database;
  }

  /**
   * What was chosen for this very content; whether it fits the machine as it is now is not said.
   */
  public Optional<Tuning> find(ModelVersion model) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT * FROM tuning WHERE manifest_sha256 = ?")) {
            select.setString(1, model.manifestSha256());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(tuning(row)) : Optional.empty();
            }
          }
        });
  }

  private static Tuning tuning(ResultSet row) throws SQLException {
    try {
      byte[] settings = row.getString("settings").getBytes(StandardCharsets.UTF_8);
      return new Tuning(
          row.getString("manifest_sha256"),
          Tuning.parse(Documents.parseJson(settings)),
          new Host(row.getString("engine"), row.getInt("processors"), row.getString("processor")),
          Instant.parse(row.getString("chosen_at")),
          row.getString("evidence"));
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  /** In the place of what was chosen before. */
  public void write(Tuning tuning) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement merge =
                  connection.prepareStatement(
                      """
                      MERGE INTO tuning
                        (manifest_sha256, settings, engine, processors, processor, chosen_at, evidence)
                      VALUES (?, ?, ?, ?, ?, ?, ?)""");
              PreparedStatement prune =
                  connection.prepareStatement(
                      """
                      DELETE FROM tuning WHERE manifest_sha256 IN (SELECT manifest_sha256
                      FROM tuning ORDER BY chosen_at DESC OFFSET ?)""")) {
            merge.setString(1, tuning.manifestSha256());
            merge.setString(2, Tuning.encode(tuning.settings()).toString());
            merge.setString(3, tuning.host().engine());
            merge.setInt(4, tuning.host().processors());
            merge.setString(5, tuning.host().processor());
            merge.setString(6, tuning.at().toString());
            merge.setString(7, tuning.evidence());
            merge.executeUpdate();
            prune.setInt(1, TUNINGS_MAX);
            return prune.executeUpdate();
          }
        });
  }

  /** The package's own settings are in force again, from the next load. */
  public void delete(ModelVersion model) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM tuning WHERE manifest_sha256 = ?")) {
            delete.setString(1, model.manifestSha256());
            return delete.executeUpdate();
          }
        });
  }
}
