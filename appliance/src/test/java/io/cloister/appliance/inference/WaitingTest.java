package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static Pending pending(String caller, int priority) {
    InferenceRequest request =
        new InferenceRequest(
            "m", Optional.empty(), List.of(), List.of(), Optional.empty(), priority, caller);
    return new Pending(request, Optional.empty(), Duration.ofSeconds(10));
  }

  @Test
  void countsWhatIsServedBeforeANewcomer() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      Waiting waiting = new Waiting();
      for (int i = random.nextInt(30); i > 0; i--) {
        waiting.add(pending("c" + random.nextInt(5), 4 + random.nextInt(3)));
        if (random.nextInt(4) == 0) {
          waiting.poll();
        }
      }
      Pending newcomer = pending("c" + random.nextInt(5), 4 + random.nextInt(3));
      int expected = waiting.countBefore(newcomer);
      waiting.add(newcomer);
      int before = 0;
      while (waiting.poll().orElseThrow() != newcomer) {
        before++;
      }
      assertThat(expected).isEqualTo(before);
    }
  }
}
