package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunCostsTest {
  private static final InferenceRequest REQUEST =
      InferenceRequest.of("m", Tensors.int64("a", Shape.of(1), 1));
  private static final Form FORM = Form.find(REQUEST.inputs(), List.of()).orElseThrow();

  private final RunCosts costs = new RunCosts(0);

  private void ran(int members, int millis, boolean contested) {
    Pending pending = new Pending(REQUEST, Optional.of(FORM), 1, Duration.ofSeconds(10));
    Run run =
        Run.of(
            Collections.nCopies(members, pending),
            contested ? Optional.of(FORM) : Optional.empty());
    long start = System.nanoTime() - Duration.ofMillis(millis).toNanos();
    costs.add(new Run(run.members(), run.stack(), start, run.contested()));
  }

  private long shared(int runs) {
    return IntStream.range(0, runs).filter(_ -> costs.shares(FORM)).count();
  }

  @Test
  void requestsShareUntilThatIsSeenToCostMore() {
    assertThat(costs.shares(FORM)).isTrue();
    ran(4, 4000, true);
    assertThat(costs.shares(FORM)).as("nothing to compare with").isTrue();
    ran(1, 500, true);
    assertThat(costs.shares(FORM)).isFalse();
  }

  @Test
  void whatCostsMoreIsTriedNowAndThen() {
    assertThat(shared(320)).as("alone now and then").isEqualTo(310);
    ran(4, 4000, true);
    ran(1, 500, true);
    assertThat(shared(320)).isEqualTo(10);
    for (int i = 0; i < 100; i++) {
      ran(4, 400, true);
    }
    assertThat(shared(320)).as("it costs less by now").isEqualTo(310);
  }

  @Test
  void whatIsKnownBeforeTheFirstRunBoundsItAndTheFirstCountsWhole() {
    RunCosts slow = new RunCosts(Duration.ofMillis(100).toNanos());
    assertThat(slow.rowsIn(Duration.ofSeconds(1))).isEqualTo(10);
    assertThat(costs.rowsIn(Duration.ofSeconds(1))).isGreaterThan(1_000_000);
    ran(2, 2000, false);
    assertThat(costs.rowsIn(Duration.ofMillis(4500))).isEqualTo(4);
    assertThat(costs.waitNanos(1, 1)).isCloseTo(1e9, within(1e8));
  }

  @Test
  void aLoneRequestOnAnIdleMachineSaysNothing() {
    assertThat(costs.shares(FORM)).isTrue();
    ran(4, 4000, true);
    ran(1, 500, false);
    assertThat(costs.shares(FORM)).isTrue();
  }
}
