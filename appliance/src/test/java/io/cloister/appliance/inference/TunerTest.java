package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.inference.TuneOutcome.Done;
import io.cloister.appliance.inference.TuneOutcome.Reason;
import io.cloister.appliance.inference.TuneOutcome.Refused;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.model.Tuning;
import io.cloister.appliance.tensor.PackedTensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that are measured on this machine and kept, with a real model and real workers. */
class TunerTest {
  /** Of low priority, on a busy machine. */
  static final String PATIENT = "limits: {load_seconds: 600, request_seconds: 600}\n";

  static final Duration TIME = Duration.ofMinutes(10);
  static final Duration ROUND = Duration.ofMillis(250);

  /** Few candidates are tried on it. */
  static final Host SMALL = new Host(StoreFixture.HOST.engine(), 1, "of the test");

  static final Tuner.Watch NOBODY = new Tuner.Watch(_ -> {}, _ -> {});

  private StoreFixture store;
  private Rows rows;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = new StoreFixture(folder);
    rows = new Rows();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ModelVersion digits() throws Exception {
    Path graph = StoreFixture.resource("digits-1.1.0.onnx");
    return store.add("digits", "1.1.0", graph, PATIENT, rows.golden(0, 1, 2));
  }

  private long digit(ModelServer server, int row) throws Exception {
    InferenceResult result = server.infer(InferenceRequest.of("digits", rows.pixels(row)));
    return ((PackedTensor) result.outputs().getFirst()).data().getLong();
  }

  private Tuner tuner(ModelServer server) {
    return tuner(store, server);
  }

  static Tuner tuner(StoreFixture store, ModelServer server) {
    return new Tuner(server, store.workers(), store.records(SMALL), InstantSource.system(), ROUND);
  }

  static InEffect inEffect(ModelServer server) {
    return server.models().getFirst().settings().orElseThrow();
  }

  private void choose(ModelVersion model, RunSettings settings, Host host) {
    choose(store, model, settings, host);
  }

  static void choose(StoreFixture store, ModelVersion model, RunSettings settings, Host host) {
    store
        .records(host)
        .tunings()
        .write(
            new Tuning(
                model.manifestSha256(),
                settings,
                host.engine(),
                host.processors(),
                Instant.parse("2026-11-02T08:00:00Z"),
                "{}"));
  }

  private static RunSettings oneAtOnce() {
    return new RunSettings(1, 1, false, List.of(), 8);
  }

  static JsonNode evidence(TuneOutcome outcome) throws Exception {
    return Documents.parseJson(((Done) outcome).evidence().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aChoiceIsUsedAtTheStartAndByTheWorkerThatFollowsOneThatDied() throws Exception {
    ModelVersion digits = digits();
    choose(digits, oneAtOnce(), SMALL);
    try (ModelServer server = store.server(SMALL)) {
      server.apply(store.deployment(digits));
      assertThat(inEffect(server).settings()).isEqualTo(oneAtOnce());
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
      long pid = server.models().getFirst().pid().orElseThrow();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      while (server.models().getFirst().pid().orElse(pid) == pid) {
        Thread.sleep(10);
      }
      assertThat(digit(server, 1)).isEqualTo(rows.digit(1));
      assertThat(inEffect(server).settings()).isEqualTo(oneAtOnce());
    }
  }

  @Test
  void whatWasBegunAheadWithThePackagesSettingsIsNotUsedForAnotherChoice() throws Exception {
    ModelVersion digits = digits();
    Workers workers = store.workers();
    workers.begin(List.of(digits));
    Workers.Loaded loaded = workers.open(digits, Optional.of(oneAtOnce()));
    assertThat(loaded.settings()).isEqualTo(oneAtOnce());
    assertThat(loaded.files().config().sharing().rowsMax()).isEqualTo(8);
    loaded.worker().kill("the test is over");
    while (ProcessHandle.current().children().findAny().isPresent()) {
      Thread.sleep(10);
    }
  }

  @Test
  void aChoiceMadeWithAnotherEngineIsNotUsed() throws Exception {
    assertThat(unused(new Host("1.0.0", SMALL.processors(), "")))
        .contains("ONNX Runtime 1.0.0", "this is " + SMALL.engine());
  }

  @Test
  void aChoiceMadeWithOtherProcessorsIsNotUsed() throws Exception {
    assertThat(unused(new Host(SMALL.engine(), 64, ""))).contains("64 processors", "here are 1");
  }

  private String unused(Host other) throws Exception {
    ModelVersion digits = digits();
    choose(digits, oneAtOnce(), other);
    try (ModelServer server = store.server(SMALL)) {
      server.apply(store.deployment(digits));
      assertThat(inEffect(server).settings()).isNotEqualTo(oneAtOnce());
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
      return inEffect(server).unused().orElseThrow();
    }
  }

  @Test
  void takenBackTheDefaultsServe() throws Exception {
    ModelVersion digits = digits();
    choose(digits, oneAtOnce(), SMALL);
    try (ModelServer server = store.server(SMALL);
        Tuner tuner = tuner(server)) {
      server.apply(store.deployment(digits));
      try (Load load = new Load(2, () -> digit(server, 0))) {
        load.awaitAnswers(10);
        assertThat(((Done) tuner.untune("digits")).changed()).isTrue();
        load.awaitAnswers(10);
        assertThat(load.failures()).isEmpty();
      }
      assertThat(inEffect(server).tunedAt()).isEmpty();
      assertThat(inEffect(server).settings()).isNotEqualTo(oneAtOnce());
      assertThat(store.records(SMALL).tunings().find(digits)).isEmpty();
      assertThat(((Done) tuner.untune("digits")).changed()).isFalse();
    }
  }

  @Test
  void aRequestDuringTuningIsAnswered() throws Exception {
    try (ModelServer server = store.server(SMALL);
        Tuner tuner = tuner(server)) {
      server.apply(store.deployment(digits()));
      try (Load load = new Load(2, () -> digit(server, 0))) {
        assertThat(tuner.tune("digits", TIME, true, NOBODY)).isInstanceOf(Done.class);
        load.awaitAnswers(10);
        assertThat(load.failures()).isEmpty();
      }
      while (ProcessHandle.current().children().count() > 1) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void whatIsOnlyMeasuredChangesNothing() throws Exception {
    ModelVersion digits = digits();
    try (ModelServer server = store.server(SMALL);
        Tuner tuner = tuner(server)) {
      server.apply(store.deployment(digits));
      long pid = server.models().getFirst().pid().orElseThrow();
      TuneOutcome outcome = tuner.tune("digits", TIME, false, NOBODY);
      assertThat(evidence(outcome).path("tried")).isNotEmpty();
      assertThat(((Done) outcome).changed()).isFalse();
      assertThat(server.models().getFirst().pid()).hasValue(pid);
      assertThat(store.records(SMALL).tunings().find(digits)).isEmpty();
    }
  }

  @Test
  void whoGoesAwayEndsTheTrialAndItsWorkers() throws Exception {
    try (ModelServer server = store.server(SMALL);
        Tuner tuner = tuner(server)) {
      server.apply(store.deployment(digits()));
      Queue<Runnable> end = new ConcurrentLinkedQueue<>();
      var watch = new Tuner.Watch(_ -> end.forEach(Runnable::run), end::add);
      TuneOutcome outcome = tuner.tune("digits", TIME, true, watch);
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Refused.class, refused -> assertThat(refused.kind()).isEqualTo(Reason.CANCELLED));
      while (ProcessHandle.current().children().count() > 1) {
        Thread.sleep(10);
      }
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
    }
  }

  @Test
  void twoTrialsAtOnceAreOneTooMany() throws Exception {
    try (ModelServer server = store.server(SMALL);
        Tuner tuner = tuner(server)) {
      server.apply(store.deployment(digits()));
      Queue<Runnable> end = new ConcurrentLinkedQueue<>();
      AtomicReference<String> second = new AtomicReference<>("none");
      var watch =
          new Tuner.Watch(
              _ -> {
                second.set(tuner.tune("digits", TIME, true, NOBODY) + " " + tuner.untune("digits"));
                end.forEach(Runnable::run);
              },
              end::add);
      tuner.tune("digits", TIME, true, watch);
      assertThat(second.get())
          .isEqualTo(
              new Refused(Reason.BUSY, "another trial is running")
                  + " "
                  + new Refused(Reason.BUSY, "a trial is running"));
    }
  }

  @Test
  void whatIsNotRoutedIsNotTuned() throws Exception {
    try (ModelServer server = store.server(SMALL);
        Tuner tuner = tuner(server)) {
      server.apply(store.deployment(digits()));
      assertThat(tuner.tune("other", TIME, true, NOBODY))
          .isEqualTo(new Refused(Reason.UNKNOWN_MODEL, "no model other is routed"));
      server.unload("digits");
      assertThat(((Refused) tuner.untune("digits")).kind()).isEqualTo(Reason.NOT_SERVING);
    }
  }
}
