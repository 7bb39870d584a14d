package io.cloister.appliance.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema up to date by Flyway. Most starts find it so: one query of Flyway's own history
 * shows that, and Flyway, which looks through the class path first, is left out.
 */
final class Migrations {
  private static final String FOLDER = "db/migration";

  /** All that lie in db/migration, in their order, with the sums that Flyway makes of them. */
  static final List<Applied> SCRIPTS =
      List.of(
          new Applied("V1__first_light.sql", 706966109, true),
          new Applied("V2__acceptance.sql", 841222980, true),
          new Applied("V3__tuning.sql", -714875355, true),
          new Applied("V4__tuned_processor.sql", -654078038, true));

  /** Lower ranks tell of the history itself. */
  private static final String HISTORY =
      """
      SELECT "script", "checksum", "success" FROM "flyway_schema_history"
      WHERE "installed_rank" > 0 ORDER BY "installed_rank\"""";

  /** A script, as Flyway's history notes it. */
  record Applied(String script, int checksum, boolean success) {
    /** Written out: what a record has by itself is linked anew in every start. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Applied that
          && script.equals(that.script)
          && checksum == that.checksum
          && success == that.success;
    }

    @Override
    public int hashCode() {
      return script.hashCode() ^ checksum;
    }
  }

  private Migrations() {}

  static void apply(DataSource database) {
    if (!areApplied(database)) {
      Flyway.configure().dataSource(database).locations("classpath:" + FOLDER).load().migrate();
    }
  }

  /** Whether these very scripts were applied, all of them and no others. */
  static boolean areApplied(DataSource database) {
    List<Applied> found = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(HISTORY)) {
      while (row.next()) {
        found.add(new Applied(row.getString(1), row.getInt(2), row.getBoolean(3)));
      }
      return found.equals(SCRIPTS);
    } catch (SQLException e) {
      // No history, or none that can be read: Flyway makes it, or says why not.
      return false;
    }
  }
}
