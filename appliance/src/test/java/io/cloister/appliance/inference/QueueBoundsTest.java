package io.cloister.appliance.inference;

import static io.cloister.appliance.inference.RequestQueueTest.pending;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.tensor.BytesTensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a worker is given at once. */
class QueueBoundsTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @Test
  void aRunBeginsBesideOthersOnlyWhileTheirInputsHaveRoom() throws Exception {
    RequestQueue queue = new RequestQueue(new QueueBounds(64, 8, 2_000, 1, LONG), new RunCosts(0));
    Pending large = text("large", 5_000);
    Pending small = text("small", 5);
    for (Pending each : List.of(small, large, text("other", 5), text("another", 5))) {
      queue.offer(each);
    }
    Run first = queue.take(() -> false).orElseThrow();
    Run second = queue.take(() -> false).orElseThrow();
    assertThat(first.members()).containsExactly(small);
    assertThat(second.members()).containsExactly(large);
    assertThat(queue.next(first)).as("the large one fills the room").isEmpty();
    assertThat(queue.next(second).orElseThrow().members().getFirst().caller()).isEqualTo("other");
    assertThat(queue.take(() -> false)).isPresent();
  }

  private static Pending text(String caller, int bytes) {
    return pending(
        caller, 5, LONG, List.of(BytesTensor.ofTexts("t", "x".repeat(bytes))), Optional.empty());
  }

  @Test
  void aSlowModelsFirstSharedRunStaysFarFromItsLimit() throws Exception {
    QueueBounds bounds = new QueueBounds(64, 1, Long.MAX_VALUE, 16, Duration.ofSeconds(10));
    RequestQueue queue = new RequestQueue(bounds, new RunCosts(Duration.ofSeconds(1).toNanos()));
    for (int i = 0; i < 20; i++) {
      queue.offer(pending("a"));
    }
    assertThat(queue.take(() -> false).orElseThrow().members()).hasSize(2);
  }
}
