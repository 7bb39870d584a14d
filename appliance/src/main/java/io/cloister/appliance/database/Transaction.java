package io.cloister.appliance.database;

import java.sql.Connection;
import java.sql.SQLException;

/** Work on one connection; what it throws undoes it. */
@FunctionalInterface
public interface Transaction<T> {
  T run(Connection connection) throws SQLException;
}
