package io.cloister.appliance.inference;

import io.cloister.appliance.inference.AcceptanceReport.Finding;
import io.cloister.appliance.model.RowFault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Collects faults: all are counted, the first ones are kept. */
final class Findings {
  private static final int KEPT_MAX = 20;

  private final List<Finding> kept = new ArrayList<>();
  private final BitSet failed = new BitSet();

  /**
   * @param index of the row, from 0
   */
  void add(int index, boolean batched, RowFault fault) {
    failed.set(index);
    if (kept.size() < KEPT_MAX) {
      kept.add(new Finding(index + 1, batched, fault));
    }
  }

  boolean has(int index) {
    return failed.get(index);
  }

  int rowsFailed() {
    return failed.cardinality();
  }

  List<Finding> kept() {
    return List.copyOf(kept);
  }

  /** In one line, for people. */
  Optional<String> words(int rows) {
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d of %d golden rows failed; %s"
                .formatted(rowsFailed(), rows, kept.getFirst().words()));
  }
}
