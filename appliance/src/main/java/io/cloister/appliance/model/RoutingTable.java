package io.cloister.appliance.model;

import io.cloister.appliance.model.Routing.Routes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The rows behind {@link Routing}. */
final class RoutingTable {
  private RoutingTable() {}

  static Routes select(Connection connection) throws SQLException {
    try (PreparedStatement generation =
            connection.prepareStatement("SELECT generation FROM applied_deployment");
        PreparedStatement routes =
            connection.prepareStatement("SELECT * FROM routing ORDER BY model")) {
      try (ResultSet row = generation.executeQuery()) {
        return new Routes(row.next() ? row.getLong(1) : 0, versions(routes));
      }
    }
  }

  private static List<ModelVersion> versions(PreparedStatement routes) throws SQLException {
    List<ModelVersion> versions = new ArrayList<>();
    try (ResultSet row = routes.executeQuery()) {
      while (row.next()) {
        String keyids = row.getString("keyids");
        Provenance provenance =
            new Provenance(
                row.getLong("targets_version"),
                Instant.parse(row.getString("signed_at")),
                keyids.isEmpty() ? List.of() : List.of(keyids.split(",", -1)));
        versions.add(
            new ModelVersion(
                row.getString("model"),
                row.getString("version"),
                row.getString("manifest_sha256"),
                row.getString("folder"),
                provenance));
      }
    }
    return versions;
  }

  static void replace(Connection connection, Routes routes) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM routing");
        PreparedStatement generation =
            connection.prepareStatement("UPDATE applied_deployment SET generation = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO routing (model, version, manifest_sha256, folder, targets_version,"
                    + " signed_at, keyids) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      delete.executeUpdate();
      generation.setLong(1, routes.generation());
      generation.executeUpdate();
      for (ModelVersion version : routes.versions()) {
        insert(insert, version);
      }
    }
  }

  private static void insert(PreparedStatement insert, ModelVersion version) throws SQLException {
    Provenance provenance = version.provenance();
    insert.setString(1, version.name());
    insert.setString(2, version.version());
    insert.setString(3, version.manifestSha256());
    insert.setString(4, version.folder());
    insert.setLong(5, provenance.targetsVersion());
    insert.setString(6, provenance.signedAt().toString());
    insert.setString(7, String.join(",", provenance.keyids()));
    insert.executeUpdate();
  }
}
