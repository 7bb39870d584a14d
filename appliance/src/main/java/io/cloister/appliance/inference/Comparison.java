package io.cloister.appliance.inference;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Rounds of two settings in turns. The other one is better where it is cheaper or quicker by more
 * than the margin, in all rounds but one, and takes nothing away: neither processor time, nor
 * answers in a second, nor the time of a lone caller.
 *
 * @param rounds the present settings' figures and the other's, of the same round
 */
record Comparison(List<Pair> rounds) {
  static final int ROUNDS = 7;
  private static final int ROUNDS_MIN = 5;

  /** Smaller differences come by themselves. */
  private static final double MARGIN = 0.05;

  /** The time of single answers scatters more. */
  private static final double ALONE_MARGIN = 0.1;

  record Pair(Figures present, Figures other) {}

  Comparison {
    rounds = List.copyOf(rounds);
  }

  /** Whether there are enough rounds to say anything. */
  boolean complete() {
    return rounds.size() >= ROUNDS_MIN;
  }

  boolean better() {
    return complete() && (isCheaper() || isQuicker()) && !isWorse();
  }

  private boolean isCheaper() {
    return cpuRatio() <= 1 - MARGIN && roundsCheaper() >= rounds.size() - 1;
  }

  private boolean isQuicker() {
    return rateRatio() >= 1 + MARGIN && roundsQuicker() >= rounds.size() - 1;
  }

  private boolean isWorse() {
    return cpuRatio() > 1 + MARGIN
        || rateRatio() < 1 - MARGIN
        || ratio(Figures::aloneMillis) > 1 + ALONE_MARGIN;
  }

  int roundsCheaper() {
    return count(ratios(Figures::cpuMicros), -1);
  }

  int roundsQuicker() {
    return count(ratios(Figures::rowsPerSecond), 1);
  }

  /** Rounds on that side of 1. */
  private static int count(List<Double> ratios, int side) {
    return (int) ratios.stream().filter(ratio -> Double.compare(ratio, 1) == side).count();
  }

  /** The other's processor time of an answer, of the present one's. */
  double cpuRatio() {
    return ratio(Figures::cpuMicros);
  }

  /** The other's answers in a second, of the present one's. */
  double rateRatio() {
    return ratio(Figures::rowsPerSecond);
  }

  double aloneRatio() {
    return ratio(Figures::aloneMillis);
  }

  Figures present() {
    return medians(rounds.stream().map(Pair::present).toList());
  }

  Figures other() {
    return medians(rounds.stream().map(Pair::other).toList());
  }

  private double ratio(ToDoubleFunction<Figures> figure) {
    return median(ratios(figure));
  }

  private List<Double> ratios(ToDoubleFunction<Figures> figure) {
    return rounds.stream()
        .map(r -> figure.applyAsDouble(r.other()) / figure.applyAsDouble(r.present()))
        .toList();
  }

  private static Figures medians(List<Figures> all) {
    return new Figures(
        median(all.stream().map(Figures::cpuMicros).toList()),
        median(all.stream().map(Figures::rowsPerSecond).toList()),
        median(all.stream().map(Figures::aloneMillis).toList()));
  }

  private static double median(List<Double> values) {
    return LatencyTrial.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
