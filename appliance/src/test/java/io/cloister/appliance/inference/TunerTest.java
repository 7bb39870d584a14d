package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.inference.TuneOutcome.Done;
import io.cloister.appliance.inference.TuneOutcome.Reason;
import io.cloister.appliance.inference.TuneOutcome.Refused;
import io.cloister.appliance.model.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are measured on this machine and kept, with a real model and real workers. */
class TunerTest {
  private static final Tuner.Watch NOBODY = new Tuner.Watch(_ -> {}, _ -> {});

  private TuningFixture fixture;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    fixture = new TuningFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aCandidateThatDoesNotEndIsGivenUpWhenTheTimeIsOver() throws Exception {
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(fixture.digits()));
      Set<Long> others = ConcurrentHashMap.newKeySet();
      Consumer<String> stops =
          step -> {
            if (step.startsWith("candidate 1 of ")) {
              ProcessHandle.current().children().forEach(child -> others.add(child.pid()));
              Thread.ofVirtual().start(() -> stopWhoeverComes(others));
            }
          };
      Duration time = Duration.ofSeconds(30);
      TuneOutcome outcome = tuner.tune("digits", time, true, new Tuner.Watch(stops, _ -> {}));
      JsonNode tried = TuningFixture.evidence(outcome).path("tried");
      assertThat(tried.path(0).path("outcome").asText()).isEqualTo("given_up");
      assertThat(tried.path(0).path("reason").asText()).startsWith("the time was over");
      assertThat(tried.path(1).path("outcome").asText()).isEqualTo("no_time");
      assertThat(((Done) outcome).changed()).isFalse();
      TuningFixture.awaitOneWorker();
      assertThat(fixture.digit(server, 0)).isEqualTo(fixture.rows().digit(0));
    }
  }

  /** It goes on to live, and does nothing more. */
  private static void stopWhoeverComes(Set<Long> others) {
    try {
      Optional<ProcessHandle> fresh = Optional.empty();
      while (fresh.isEmpty()) {
        Thread.sleep(2);
        fresh =
            ProcessHandle.current()
                .children()
                .filter(child -> !others.contains(child.pid()))
                .findFirst();
      }
      new ProcessBuilder("kill", "-STOP", String.valueOf(fresh.get().pid())).start().waitFor();
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void takenBackTheDefaultsServe() throws Exception {
    ModelVersion digits = fixture.digits();
    fixture.choose(digits, TuningFixture.oneAtOnce(), TuningFixture.SMALL);
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(digits));
      try (Load load = new Load(2, () -> fixture.digit(server, 0))) {
        load.awaitAnswers(10);
        assertThat(((Done) tuner.untune("digits")).changed()).isTrue();
        load.awaitAnswers(10);
        assertThat(load.failures()).isEmpty();
      }
      assertThat(TuningFixture.inEffect(server).tunedAt()).isEmpty();
      assertThat(TuningFixture.inEffect(server).settings()).isNotEqualTo(TuningFixture.oneAtOnce());
      assertThat(fixture.store().records(TuningFixture.SMALL).tunings().find(digits)).isEmpty();
      assertThat(((Done) tuner.untune("digits")).changed()).isFalse();
    }
  }

  @Test
  void aRequestDuringTuningIsAnswered() throws Exception {
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(fixture.digits()));
      try (Load load = new Load(2, () -> fixture.digit(server, 0))) {
        assertThat(tuner.tune("digits", TuningFixture.TIME, true, NOBODY)).isInstanceOf(Done.class);
        load.awaitAnswers(10);
        assertThat(load.failures()).isEmpty();
      }
      TuningFixture.awaitOneWorker();
    }
  }

  @Test
  void whatIsOnlyMeasuredChangesNothing() throws Exception {
    ModelVersion digits = fixture.digits();
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(digits));
      long pid = server.models().getFirst().pid().orElseThrow();
      Queue<String> steps = new ConcurrentLinkedQueue<>();
      var watch = new Tuner.Watch(steps::add, _ -> {});
      TuneOutcome outcome = tuner.tune("digits", TuningFixture.TIME, false, watch);
      int tried = TuningFixture.evidence(outcome).path("tried").size();
      assertThat(steps.remove()).startsWith("the present settings: ");
      assertThat(steps.remove()).startsWith("candidate 1 of ");
      assertThat(steps).anyMatch(step -> step.startsWith("candidate %d of %<d".formatted(tried)));
      assertThat(((Done) outcome).changed()).isFalse();
      assertThat(server.models().getFirst().pid()).hasValue(pid);
      assertThat(fixture.store().records(TuningFixture.SMALL).tunings().find(digits)).isEmpty();
    }
  }

  @Test
  void whoGoesAwayEndsTheTrialAndItsWorkers() throws Exception {
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(fixture.digits()));
      Queue<Runnable> end = new ConcurrentLinkedQueue<>();
      var watch = new Tuner.Watch(_ -> end.forEach(Runnable::run), end::add);
      TuneOutcome outcome = tuner.tune("digits", TuningFixture.TIME, true, watch);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Refused.class, refused -> assertThat(refused.kind()).isEqualTo(Reason.CANCELLED));
      TuningFixture.awaitOneWorker();
      assertThat(fixture.digit(server, 0)).isEqualTo(fixture.rows().digit(0));
    }
  }

  @Test
  void twoTrialsAtOnceAreOneTooMany() throws Exception {
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(fixture.digits()));
      Queue<Runnable> end = new ConcurrentLinkedQueue<>();
      AtomicReference<String> second = new AtomicReference<>("none");
      var watch =
          new Tuner.Watch(
              _ -> {
                second.set(
                    tuner.tune("digits", TuningFixture.TIME, true, NOBODY)
                        + " "
                        + tuner.untune("digits"));
                end.forEach(Runnable::run);
              },
              end::add);
      tuner.tune("digits", TuningFixture.TIME, true, watch);
      assertThat(second.get())
          .isEqualTo(
              new Refused(Reason.BUSY, "another trial is running")
                  + " "
                  + new Refused(Reason.BUSY, "a trial is running"));
    }
  }

  @Test
  void whatIsNotRoutedIsNotTuned() throws Exception {
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(fixture.digits()));
      assertThat(tuner.tune("other", TuningFixture.TIME, true, NOBODY))
          .isEqualTo(new Refused(Reason.UNKNOWN_MODEL, "no model other is routed"));
      server.unload("digits");
      assertThat(((Refused) tuner.untune("digits")).kind()).isEqualTo(Reason.NOT_SERVING);
    }
  }
}
