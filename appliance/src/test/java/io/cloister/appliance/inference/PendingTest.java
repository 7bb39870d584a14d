package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.inference.InferenceRefusal.NoRoom;
import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.worker.RunException;
import io.cloister.appliance.worker.RunException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PendingTest {
  @Test
  void whatCameOfARunIsToldAsWhatItWas() {
    Map<Kind, InferenceRefusal> told =
        Map.of(
            Kind.CONTENT, new BadContent("why"),
            Kind.MODEL, new ModelFault("why"),
            Kind.NO_ROOM, new NoRoom("why"),
            Kind.ENDED, new WorkerCrashed("why"),
            Kind.UNSENT, new WorkerCrashed("why"));
    assertThat(told).containsOnlyKeys(Kind.values());
    told.forEach(
        (kind, refusal) -> {
          Pending pending =
              new Pending(InferenceRequest.of("m"), Optional.empty(), 1, Duration.ofMinutes(1));
          pending.refuse(new RunException(kind, "why"), Duration.ofMinutes(1));
          assertThat(pending.answer().exceptionNow())
              .isInstanceOfSatisfying(
                  InferenceException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
        });
  }
}
