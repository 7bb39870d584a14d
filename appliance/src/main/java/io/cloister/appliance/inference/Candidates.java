package io.cloister.appliance.inference;

import io.cloister.appliance.model.RunSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Which settings are worth a trial, what promises most first. */
final class Candidates {
  /** The engine's fused kernel of them does one number at a time on some processors. */
  private static final List<String> LAYER_NORMS = List.of("LayerNormFusionL1", "LayerNormFusionL2");

  private static final List<Integer> ROWS = List.of(4, 8, 16, 32);

  private Candidates() {}

  /**
   * Steps from whatever has proven best when their turn comes; one that changes nothing is none.
   *
   * @param rowsMax that golden rows can be asked together with; 1 where none may be
   */
  static List<UnaryOperator<RunSettings>> steps(int processors, long rowsMax) {
    List<UnaryOperator<RunSettings>> steps = new ArrayList<>();
    steps.add(Candidates::otherLayerNorms);
    int most = Math.min(processors, RunSettings.THREADS_MAX);
    steps.add(settings -> settings.withThreads(most, 1));
    steps.add(settings -> settings.withThreads(Math.max(1, most / 2), 1));
    steps.add(settings -> settings.withThreads(Math.min(2 * most, RunSettings.THREADS_MAX), 1));
    steps.add(settings -> settings.withThreads(Math.max(1, most / 2), Math.min(2, most)));
    steps.add(settings -> settings.withThreads(1, most));
    steps.add(s -> s.intraOpThreads() > 1 ? s.withSpinning(!s.spinning()) : s);
    for (int rows : ROWS) {
      if (rows <= rowsMax) {
        steps.add(settings -> settings.withRows(rows));
      }
    }
    return steps;
  }

  private static RunSettings otherLayerNorms(RunSettings settings) {
    Set<String> disabled = new LinkedHashSet<>(settings.disabledOptimizers());
    if (!disabled.removeAll(LAYER_NORMS)) {
      disabled.addAll(LAYER_NORMS);
    }
    return settings.without(List.copyOf(disabled));
  }
}
