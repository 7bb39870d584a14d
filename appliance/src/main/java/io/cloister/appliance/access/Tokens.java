package io.cloister.appliance.access;

import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.database.Database;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The API tokens, stored as digests. Read once and kept: this process has the database alone, and
 * every request asks.
 */
public final class Tokens {

  @SuppressWarnings("ArrayRecordComponent") // compared with isEqual only
  private record Entry(Account account, byte[] sha256) {}

  private final Database database;
  private volatile List<Entry> entries;

  public Tokens(Database database) {
    this.database = database;
    this.entries = database.read(Tokens::select);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Makes a token and stores its digest; nobody can read it again later. */
  public String create(String name, Role role, Instant now, SecureRandom random) {
    String token = ApiToken.generate(random);
    String sha256 = HexFormat.of().formatHex(ApiToken.sha256(token));
    entries =
        database.inTransaction(
            connection -> {
              insert(connection, new Account(name, role), sha256, now);
              return select(connection);
            });
    return token;
  }

  /** The account of that token. Looks at every entry to its end: time tells nothing. */
  public Optional<Account> find(String token) {
    byte[] presented = ApiToken.sha256(token);
    Optional<Account> found = Optional.empty();
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.sha256, presented)) {
        found = Optional.of(entry.account);
      }
    }
    return found;
  }

  private static List<Entry> select(Connection connection) throws SQLException {
    List<Entry> found = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT name, sha256, role FROM api_token ORDER BY name");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        Account account = new Account(row.getString("name"), Role.valueOf(row.getString("role")));
        found.add(new Entry(account, HexFormat.of().parseHex(row.getString("sha256"))));
      }
    }
    return List.copyOf(found);
  }

  private static void insert(Connection connection, Account account, String sha256, Instant now)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO api_token (name, sha256, role, created) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, account.name());
      insert.setString(2, sha256);
      insert.setString(3, account.role().name());
      insert.setObject(4, now.atOffset(ZoneOffset.UTC));
      insert.executeUpdate();
    }
  }
}
