package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private final BackOff backOff = new BackOff();

  private long[] pauseMillis(int starts) {
    return IntStream.range(0, starts).mapToLong(_ -> backOff.pause().toMillis()).toArray();
  }

  @Test
  void eachPauseIsLongerUpToHalfAMinute() {
    assertThat(pauseMillis(11))
        .containsExactly(100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000);
  }

  @Test
  void aWorkerThatServedForAWhileIsStartedAgainSoon() {
    for (int week = 0; week < 20; week++) {
      backOff.served(Duration.ofDays(7));
      assertThat(pauseMillis(1)).containsExactly(100);
    }
  }

  @Test
  void oneThatKeepsEndingSoonIsStartedEverMoreSeldom() {
    pauseMillis(3);
    backOff.served(Duration.ofSeconds(59));
    assertThat(pauseMillis(2)).containsExactly(800, 1600);
  }
}
