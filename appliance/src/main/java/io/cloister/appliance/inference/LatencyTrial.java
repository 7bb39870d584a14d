package io.cloister.appliance.inference;

import io.cloister.appliance.inference.GoldenRun.Answer;
import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.RowFault;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The time that a row takes alone: the median of a series of runs, and where that is over the
 * budget, the best of several series with pauses between them. So a machine that is busy for a
 * moment, or a process that has just been started, refuses nothing.
 */
final class LatencyTrial {
  private static final int RUNS = 5;
  private static final int SERIES = 5;
  private static final Duration PAUSE_FIRST = Duration.ofMillis(100);

  private LatencyTrial() {}

  static Optional<RowFault> findFault(GoldenRun run, GoldenRow row) throws InterruptedException {
    double limit = row.latencyMillisMax().orElse(Double.POSITIVE_INFINITY);
    double best = Double.POSITIVE_INFINITY;
    Duration pause = PAUSE_FIRST;
    for (int series = 0; series < SERIES; series++) {
      if (series > 0) {
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
      }
      double[] millis = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        Answer answer = run.ask(row);
        if (answer.fault().isPresent()) {
          return answer.fault();
        }
        millis[i] = answer.millis();
      }
      best = Math.min(best, median(millis));
      if (best <= limit) {
        return Optional.empty();
      }
    }
    return Optional.of(new RowFault.TooSlow(best, limit));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
