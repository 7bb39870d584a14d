package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final Form FORM = new Form(List.of(), List.of(), 0);

  private static Pending pending(String caller, int priority) {
    return pending(caller, priority, Optional.empty());
  }

  private static Pending pending(String caller, int priority, Optional<Form> form) {
    InferenceRequest request =
        new InferenceRequest(
            "m", Optional.empty(), List.of(), List.of(), Optional.empty(), priority, caller);
    return new Pending(request, form, 1, Duration.ofSeconds(10));
  }

  @Test
  void companyMakesNobodyLater() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      Waiting waiting = new Waiting();
      for (int i = random.nextInt(30); i > 0; i--) {
        waiting.add(pending(random, Optional.of(FORM).filter(_ -> random.nextBoolean())));
      }
      Pending newcomer = pending(random, Optional.of(FORM).filter(_ -> random.nextBoolean()));
      int most = waiting.countBefore(newcomer);
      int all = waiting.size() + 1;
      waiting.add(newcomer);
      int runs = 0;
      int served = 0;
      for (List<Pending> run = List.of(); !run.contains(newcomer); served += run.size()) {
        run = new ArrayList<>(List.of(waiting.poll().orElseThrow()));
        if (run.getFirst().form().isPresent()) {
          run.addAll(waiting.pollLike(FORM, 3));
        }
        runs++;
      }
      assertThat(runs - 1).isLessThanOrEqualTo(most);
      assertThat(waiting.size()).isEqualTo(all - served);
      assertThat(waiting.all()).hasSize(waiting.size());
    }
  }

  private static Pending pending(Random random, Optional<Form> form) {
    return pending("c" + random.nextInt(5), 4 + random.nextInt(3), form);
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
