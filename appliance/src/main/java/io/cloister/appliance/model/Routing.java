package io.cloister.appliance.model;

import io.cloister.appliance.database.Database;
import java.util.List;

/** Which version of each model answers, kept in the database: switched in one transaction. */
public final class Routing {

  /**
   * What is routed now.
   *
   * @param generation of the deployment that was applied last; 0 before the first
   */
  public record Routes(long generation, List<ModelVersion> versions) {
    public Routes {
      versions = List.copyOf(versions);
    }
  }

  private final Database database;

  public Routing(Database database) {
    this.database = database;
  }

  public Routes read() {
    return database.read(RoutingTable::select);
  }

  /** Replaces all routes at once, or none. */
  public void switchTo(Routes routes) {
    database.inTransaction(
        connection -> {
          RoutingTable.replace(connection, routes);
          return routes.generation();
        });
  }
}
