package io.cloister.appliance.database;

import io.cloister.appliance.config.DataKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.api.FlywayException;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * The appliance's own database, brought up to the newest schema when opened.
 *
 * <p>H2 2.5 is not crash-safe by itself. Measured: with {@code WRITE_DELAY=0} and one writer at a
 * time no kill lost or tore a commit, with several writers some did; and only {@code CHECKPOINT
 * SYNC} reaches the disk. Hence one lock around every transaction and a checkpoint after it.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 8;

  /** After which a successor that nobody speaks of any more is given up. */
  private static final Duration HELD_MAX = Duration.ofMinutes(15);

  private final JdbcConnectionPool connections;
  private final Optional<DataKey> key;
  private final ReentrantLock writeLock = new ReentrantLock();
  private Optional<Long> heldSince = Optional.empty();

  private Database(JdbcConnectionPool connections, Optional<DataKey> key) {
    this.connections = connections;
    this.key = key;
  }

  /**
   * Opens or creates the database in that folder; what another release handed over to it is taken
   * over first.
   *
   * @param key that all of it is encrypted with (AES-128 XTS), if any
   * @throws DatabaseFault when it cannot be opened or migrated, e.g. because another process has it
   */
  public static Database open(Path folder, Optional<DataKey> key) {
    Path absolute = folder.toAbsolutePath().normalize();
    var handover = new Handover(absolute, key);
    JdbcConnectionPool connections = null;
    try {
      boolean waiting = handover.isWaiting();
      if (waiting) {
        handover.prepare();
      }
      connections = connect(absolute.resolve("cloister"), key);
      if (waiting) {
        takeOver(connections, handover);
      }
      Migrations.apply(connections);
      return new Database(connections, key);
    } catch (FlywayException | SQLException | IOException e) {
      if (connections != null) {
        connections.dispose();
      }
      throw new DatabaseFault("the database in " + absolute + " cannot be opened", e);
    }
  }

  private static JdbcConnectionPool connect(Path file, Optional<DataKey> key) {
    String url =
        "jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    // The password of the file, a space, and that of the user, which is empty.
    JdbcConnectionPool connections =
        JdbcConnectionPool.create(
            url + (key.isPresent() ? ";CIPHER=AES" : ""),
            "sa",
            key.map(k -> k.hex() + " ").orElse(""));
    connections.setMaxConnections(CONNECTIONS_MAX);
    return connections;
  }

  private static void takeOver(JdbcConnectionPool connections, Handover handover)
      throws SQLException, IOException {
    try (Connection connection = connections.getConnection()) {
      handover.importInto(connection);
      checkpoint(connection);
    }
    handover.forget();
  }

  /** Reads without waiting for a writer. */
  public <T> T read(Transaction<T> query) {
    try (Connection connection = connections.getConnection()) {
      return query.run(connection);
    } catch (SQLException e) {
      throw new DatabaseFault("the database cannot be read", e);
    }
  }

  /** All of it or nothing, and on the disk when this returns. */
  public <T> T inTransaction(Transaction<T> transaction) {
    writeLock.lock();
    try (Connection connection = connections.getConnection()) {
      refuseWhileHeld();
      connection.setAutoCommit(false);
      try {
        T result = transaction.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
        checkpoint(connection);
      }
    } catch (SQLException e) {
      throw new DatabaseFault("the database did not take a change", e);
    } finally {
      writeLock.unlock();
    }
  }

  private void refuseWhileHeld() throws SQLException {
    if (heldSince.isPresent() && System.nanoTime() - heldSince.get() < HELD_MAX.toNanos()) {
      throw new SQLException("an update is taking the data over");
    }
  }

  /**
   * Gives all content to another release, and takes no changes from then on: they would be lost.
   *
   * @param successor folder of its database
   */
  public void handOver(Path successor) throws IOException {
    writeLock.lock();
    try (Connection connection = connections.getConnection()) {
      new Handover(successor.toAbsolutePath().normalize(), key).write(connection);
      heldSince = Optional.of(System.nanoTime());
    } catch (SQLException e) {
      throw new DatabaseFault("the database cannot be handed over", e);
    } finally {
      writeLock.unlock();
    }
  }

  /** Takes changes again: the successor did not hold. */
  public void resume() {
    writeLock.lock();
    try {
      heldSince = Optional.empty();
    } finally {
      writeLock.unlock();
    }
  }

  /** Whether it can be read; returns only when no transaction hangs. */
  public boolean answers() {
    writeLock.lock();
    try {
      return read(connection -> connection.isValid(1));
    } finally {
      writeLock.unlock();
    }
  }

  private static void checkpoint(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT SYNC");
    }
  }

  @Override
  public void close() {
    writeLock.lock();
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN");
    } catch (SQLException e) {
      throw new DatabaseFault("the database did not close cleanly", e);
    } finally {
      connections.dispose();
      writeLock.unlock();
    }
  }
}
