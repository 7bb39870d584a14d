package io.cloister.appliance.model;

import io.cloister.appliance.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of the acceptance of each model version on this machine, kept in the database. A
 * version that was accepted once may come back: it is not measured against others again.
 */
public final class AcceptanceRecords {
  /** Over two slots of as many models as a deployment may have. */
  private static final int RECORDS_MAX = 4_000;

  private final Database database;

  public AcceptanceRecords(Database database) {
    this.database = database;
  }

  /** Whether this very content was ever accepted here. */
  public boolean wasAccepted(ModelVersion model) {
    return database.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT 1 FROM acceptance WHERE manifest_sha256 = ? AND accepted_at IS NOT NULL")) {
            select.setString(1, model.manifestSha256());
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /**
   * Keeps the newest report of a version, and that it was accepted once.
   *
   * @param report one JSON object
   */
  public void write(ModelVersion model, Instant at, boolean accepted, String report) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement merge =
                  connection.prepareStatement(
                      """
                      MERGE INTO acceptance (manifest_sha256, accepted_at, checked_at, report)
                      VALUES (?, CASE WHEN ? THEN CAST(? AS VARCHAR) ELSE (SELECT accepted_at FROM acceptance
                        WHERE manifest_sha256 = ?) END, ?, ?)""");
              PreparedStatement prune =
                  connection.prepareStatement(
                      """
                      DELETE FROM acceptance WHERE manifest_sha256 IN (SELECT manifest_sha256
                      FROM acceptance ORDER BY checked_at DESC OFFSET ?)""")) {
            merge.setString(1, model.manifestSha256());
            merge.setBoolean(2, accepted);
            merge.setString(3, at.toString());
            merge.setString(4, model.manifestSha256());
            merge.setString(5, at.toString());
            merge.setString(6, report);
            merge.executeUpdate();
            prune.setInt(1, RECORDS_MAX);
            return prune.executeUpdate();
          }
        });
  }

  /** The newest reports, newest first, each one JSON object. */
  public List<String> newest(int count) {
    return database.read(
        connection -> {
          List<String> reports = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT report FROM acceptance ORDER BY checked_at DESC LIMIT ?")) {
            select.setInt(1, count);
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                reports.add(row.getString(1));
              }
            }
          }
          return reports;
        });
  }
}
