package io.cloister.appliance.model;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The acceptance tests of a package.
 *
 * @param batchTolerance largest difference of a floating-point element of a row that is asked
 *     together with others; only where the package says that its answers depend on company
 */
public record GoldenRows(List<GoldenRow> rows, OptionalDouble batchTolerance) {
  public GoldenRows {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("there are no rows");
    }
    if (rows.stream().allMatch(row -> row.outputs().isEmpty())) {
      throw new IllegalArgumentException("no row has outputs: nothing would be proven");
    }
  }
}
