package io.cloister.appliance.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
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

  private final JdbcConnectionPool connections;
  private final ReentrantLock writeLock = new ReentrantLock();

  private Database(JdbcConnectionPool connections) {
    this.connections = connections;
  }

  /**
   * Opens or creates the database in that folder.
   *
   * @throws DatabaseFault when it cannot be opened or migrated, e.g. because another process has it
   */
  public static Database open(Path folder) {
    Path file = folder.toAbsolutePath().normalize().resolve("cloister");
    String url =
        "jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    JdbcConnectionPool connections = JdbcConnectionPool.create(url, "sa", "");
    connections.setMaxConnections(CONNECTIONS_MAX);
    try {
      Flyway.configure()
          .dataSource(connections)
          .locations("classpath:db/migration")
          .load()
          .migrate();
      return new Database(connections);
    } catch (FlywayException e) {
      connections.dispose();
      throw new DatabaseFault("the database " + file + " cannot be opened", e);
    }
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
      connection.setAutoCommit(false);
      try {
        T result = transaction.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
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
