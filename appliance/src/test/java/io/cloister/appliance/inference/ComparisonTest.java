package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.inference.Comparison.Pair;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Pair pair(double cpu, double rate, double alone) {
    return new Pair(new Figures(100, 1000, 2), new Figures(100 * cpu, 1000 * rate, 2 * alone));
  }

  private static Comparison all(double cpu, double rate, double alone) {
    return new Comparison(Collections.nCopies(Comparison.ROUNDS, pair(cpu, rate, alone)));
  }

  private static Comparison cheaper(double... ratios) {
    List<Pair> rounds = DoubleStream.of(ratios).mapToObj(ratio -> pair(ratio, 1, 1)).toList();
    return new Comparison(rounds);
  }

  @Test
  void whatIsCheaperOrQuickerByMoreThanTheMarginIsBetter() {
    assertThat(all(0.7, 1, 1).better()).isTrue();
    assertThat(all(1, 1.3, 1).better()).isTrue();
    assertThat(all(0.96, 1.04, 1).better()).isFalse();
    assertThat(all(1, 1, 0.5).better()).isFalse();
  }

  @Test
  void whatTakesSomethingAwayIsNot() {
    assertThat(all(0.7, 0.9, 1).better()).isFalse();
    assertThat(all(1.1, 1.5, 1).better()).isFalse();
    assertThat(all(0.7, 1.3, 1.2).better()).isFalse();
  }

  @Test
  void oneRoundMaySayOtherwiseAndTwoMayNot() {
    assertThat(cheaper(0.7, 0.8, 0.7, 1.9, 0.7, 0.8, 0.7).better()).isTrue();
    assertThat(cheaper(0.7, 0.8, 0.7, 1.9, 0.7, 1.1, 0.7).better()).isFalse();
  }

  @Test
  void fewRoundsSayNothing() {
    assertThat(cheaper(0.5, 0.5, 0.5, 0.5).better()).isFalse();
  }
}
