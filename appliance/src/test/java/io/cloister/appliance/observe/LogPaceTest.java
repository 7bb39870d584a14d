package io.cloister.appliance.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogPaceTest {
  @Test
  void aCallerWhoFailsWithoutEndDoesNotFillTheLogAndIsCounted() {
    var pace = new LogPace();
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      admitted += pace.admits(i) ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(100);
    assertThat(pace.takeUntold()).isEqualTo(9_900);
    assertThat(pace.admits(Duration.ofMinutes(2).toNanos())).isTrue();
    assertThat(pace.takeUntold()).isZero();
  }
}
