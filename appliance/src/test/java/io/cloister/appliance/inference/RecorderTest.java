package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.inference.InferenceRefusal.UnknownOutput;
import io.cloister.appliance.inference.ModelStats.Latency;
import io.cloister.appliance.inference.ModelStats.Recent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecorderTest {
  private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");

  private final Recorder recorder = new Recorder();

  private static Instant at(long seconds) {
    return START.plusSeconds(seconds);
  }

  private void answer(int times, long millis, Instant now) {
    for (int i = 0; i < times; i++) {
      recorder.answered(now, Duration.ofMillis(millis));
    }
  }

  @Test
  void theRecentLatencyIsThatOfTheLastQuarterOfAnHourOnly() {
    answer(50, 4_000, at(0));
    answer(99, 10, at(400));
    answer(1, 200, at(800));
    Latency both = recorder.recentLatency(at(894));
    assertThat(both.count()).isEqualTo(150);
    assertThat(both.p99Millis()).isBetween(2_000.0, 4_000.0);
    Latency recent = recorder.recentLatency(at(900));
    assertThat(recent.count()).isEqualTo(100);
    assertThat(recent.p50Millis()).isBetween(5.0, 15.0);
    assertThat(recent.maxMillis()).isEqualTo(200);
    assertThat(recorder.recentLatency(at(10_000)).count()).isZero();
    assertThat(recorder.latency().count()).isEqualTo(150);
    assertThat(recorder.latency().maxMillis()).isEqualTo(4_000);
  }

  @Test
  void theQuantilesOfOneAnswerAreItself() {
    answer(1, 17, at(0));
    assertThat(recorder.recentLatency(at(1)).p50Millis()).isEqualTo(17);
    assertThat(recorder.recentLatency(at(1)).p99Millis()).isEqualTo(17);
  }

  @Test
  void aStepIsEmptiedBeforeItIsUsedAgain() {
    answer(7, 4_000, at(0));
    answer(1, 10, at(900));
    assertThat(recorder.recentLatency(at(900)).count()).isEqualTo(1);
    assertThat(recorder.recentLatency(at(900)).maxMillis()).isEqualTo(10);
    assertThat(recorder.latency().count()).isEqualTo(8);
  }

  @Test
  void aClockSetBackDoesNotBringAnswersOfTheFuture() {
    answer(3, 10, at(3_600));
    assertThat(recorder.recentLatency(at(0)).count()).isZero();
    answer(2, 10, at(0));
    assertThat(recorder.recentLatency(at(0)).count()).isEqualTo(2);
  }

  @Test
  void aStepCountsFailuresAmongItsRequestsAndNotInItsLatency() throws Exception {
    answer(2, 10, at(1));
    answer(1, 40, at(2));
    recorder.failed(at(3), new UnknownOutput("x", List.of()));
    List<Recent> recent = recorder.recent(at(4));
    assertThat(recent).hasSize(180);
    assertThat(recent.getLast()).isEqualTo(new Recent(START, 4, 1, 20, 40));
    assertThat(recent.getFirst()).isEqualTo(new Recent(START.minusSeconds(895), 0, 0, 0, 0));
    assertThat(recorder.requests()).isEqualTo(4);
    assertThat(recorder.failures()).hasSize(1).containsValue(1L);
  }
}
