package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.model.ModelRefused;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  @Test
  void whatTakesTooLongIsEndedAndTheThreadGoesOn() throws Exception {
    var done =
        TimeLimit.run(
            in(Duration.ofMillis(20)),
            () -> {
              Thread.sleep(Duration.ofHours(1));
              return "done";
            });
    assertThat(done).isEmpty();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whatFailsBecauseOfTheEndIsOverToo() throws Exception {
    var done =
        TimeLimit.run(
            in(Duration.ofMillis(20)),
            () -> {
              try {
                Thread.sleep(Duration.ofHours(1));
              } catch (InterruptedException e) {
                throw new ModelRefused("its file cannot be read");
              }
              return "done";
            });
    assertThat(done).isEmpty();
  }

  @Test
  void whatIsDoneOrFailsInTimeIsToldAsItIs() throws Exception {
    assertThat(TimeLimit.run(in(Duration.ofHours(1)), () -> "done")).contains("done");
    assertThatThrownBy(
            () ->
                TimeLimit.run(
                    in(Duration.ofHours(1)),
                    () -> {
                      throw new ModelRefused("a row failed");
                    }))
        .hasMessage("a row failed");
  }

  @Test
  void anInterruptOfSomebodyElseIsNoEndOfTime() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                TimeLimit.run(
                    in(Duration.ofHours(1)),
                    () -> {
                      Thread.sleep(Duration.ofHours(1));
                      return "done";
                    }))
        .isInstanceOf(InterruptedException.class);
  }
}
