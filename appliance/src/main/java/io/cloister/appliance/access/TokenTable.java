package io.cloister.appliance.access;

import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.TokenNotes.Issued;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The tokens' table: digests only. */
final class TokenTable {
  private TokenTable() {}

  /** All of it, in the order in which they were made. */
  static List<Issued> select(Connection connection) throws SQLException {
    List<Issued> found = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT name, sha256, role, created FROM api_token ORDER BY created, name");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        var account = new Account(row.getString("name"), Role.valueOf(row.getString("role")));
        OffsetDateTime made = row.getObject("created", OffsetDateTime.class);
        found.add(new Issued(account, row.getString("sha256"), made.toInstant()));
      }
    }
    return List.copyOf(found);
  }

  static boolean replace(Connection connection, List<Issued> valid) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM api_token")) {
      delete.executeUpdate();
    }
    for (Issued token : valid) {
      insert(connection, token);
    }
    return true;
  }

  static void insert(Connection connection, Issued token) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO api_token (name, sha256, role, created) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, token.account().name());
      insert.setString(2, token.sha256());
      insert.setString(3, token.account().role().name());
      insert.setObject(4, token.made().atOffset(ZoneOffset.UTC));
      insert.executeUpdate();
    }
  }

  static void delete(Connection connection, Issued token) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM api_token WHERE sha256 = ?")) {
      delete.setString(1, token.sha256());
      delete.executeUpdate();
    }
  }
}
