package io.cloister.appliance.database;

import io.cloister.appliance.config.DataKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A process of its own that is to be killed: callers who write at once, two rows in each
 * transaction, and print its name when it was acknowledged.
 */
final class Writers {
  private static final int COUNT = 4;

  private Writers() {}

  /** Arguments: the database's folder, the key or an empty text, and what all names begin with. */
  public static void main(String[] arguments) {
    Optional<DataKey> key =
        Optional.of(arguments[1]).filter(hex -> !hex.isEmpty()).map(DataKey::new);
    Database database = Database.open(Path.of(arguments[0]), key);
    for (int i = 0; i < COUNT; i++) {
      String writer = arguments[2] + "-" + i;
      new Thread(() -> write(database, writer)).start();
    }
  }

  private static void write(Database database, String writer) {
    for (int i = 0; true; i++) {
      String name = writer + "-" + i;
      database.inTransaction(
          connection -> {
            insert(connection, name + "/a");
            insert(connection, name + "/b");
            return name;
          });
      System.out.println(name);
    }
  }

  private static void insert(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO setting VALUES (?, '1')")) {
      statement.setString(1, name);
      statement.executeUpdate();
    }
  }
}
