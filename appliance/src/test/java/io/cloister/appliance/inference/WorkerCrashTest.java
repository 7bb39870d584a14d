package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRefusal.QueueFull;
import io.cloister.appliance.inference.InferenceRefusal.RunTooLong;
import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerCrashTest {
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
    return store.digits("1.1.0", "", rows.golden(0));
  }

  private ModelVersion divide() throws Exception {
    return store.add("divide", "1.0.0", StoreFixture.resource("divide.onnx"), "", Rows.DIVIDE);
  }

  private ModelVersion loop() throws Exception {
    String yaml = "limits: {request_seconds: 1}\n";
    return store.add("loop", "1.0.0", StoreFixture.resource("loop.onnx"), yaml, Rows.LOOP);
  }

  private static long quotient(ModelServer server, long a, long b) throws InferenceException {
    InferenceResult result =
        server.infer(
            InferenceRequest.of(
                "divide", Tensors.int64("a", Shape.of(1), a), Tensors.int64("b", Shape.of(1), b)));
    return ((PackedTensor) result.outputs().getFirst()).data().getLong();
  }

  private static InferenceRequest spin(long trips) {
    return InferenceRequest.of(
        "loop", Tensors.int64("trips", Shape.of(), trips), Tensors.int64("start", Shape.of(), 0));
  }

  private static ModelStatus status(ModelServer server, String model) {
    return server.models().stream()
        .filter(status -> status.model().name().equals(model))
        .findFirst()
        .orElseThrow();
  }

  private static ModelStats stats(ModelServer server, String model) {
    return server.stats().stream()
        .filter(stats -> stats.model().name().equals(model))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aKilledWorkerCostsOnlyTheRequestsItHadAndNoOtherModelNotices() throws Exception {
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(digits(), divide()));
      try (Load digits =
              new Load(4, () -> server.infer(InferenceRequest.of("digits", rows.pixels(0))));
          Load divide = new Load(4, () -> quotient(server, 42, 6))) {
        for (int kill = 1; kill <= 3; kill++) {
          digits.awaitAnswers(20);
          long pid = status(server, "digits").pid().orElseThrow();
          ProcessHandle.of(pid).orElseThrow().destroyForcibly();
          digits.awaitAnswers(20);
        }
        assertThat(divide.failures()).isEmpty();
        assertThat(digits.failures())
            .hasSizeLessThanOrEqualTo(3 * Runtime.getRuntime().availableProcessors())
            .allSatisfy(
                failure ->
                    assertThat(((InferenceException) failure).refusal())
                        .isEqualTo(new WorkerCrashed("it was ended by signal 9")));
        assertThat(stats(server, "digits").failures().getOrDefault("worker_crashed", 0L))
            .isEqualTo(digits.failures().size());
      }
      assertThat(status(server, "digits").restarts()).isEqualTo(3);
      assertThat(status(server, "divide").restarts()).isZero();
      assertThat(server.ready()).isTrue();
    }
  }

  @Test
  void aDivisionThatKillsItsProcessTakesOnlyThatWorkerDown() throws Exception {
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(digits(), divide()));
      InferenceException crash =
          catchThrowableOfType(
              InferenceException.class, () -> quotient(server, Long.MIN_VALUE, -1));
      assertThat(crash.refusal()).isEqualTo(new WorkerCrashed("it crashed with SIGFPE"));
      assertThat(server.infer(InferenceRequest.of("digits", rows.pixels(0))).outputs())
          .isNotEmpty();
      assertThat(quotient(server, 42, 6)).isEqualTo(7);
      assertThat(status(server, "divide").reason()).contains("it crashed with SIGFPE");
      assertThat(stats(server, "divide").failures()).containsEntry("worker_crashed", 1L);
      assertThat(stats(server, "divide").restarts()).isEqualTo(1);
    }
  }

  @Test
  void aRunThatOutlivesTheModelsLimitIsEndedWithItsWorker() throws Exception {
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(loop()));
      InferenceException late =
          catchThrowableOfType(
              InferenceException.class, () -> server.infer(spin(1_000_000_000_000L)));
      assertThat(late.refusal()).isEqualTo(new RunTooLong(Duration.ofSeconds(1)));
      assertThat(server.infer(spin(3)).outputs()).hasSize(1);
      assertThat(status(server, "loop").restarts()).isEqualTo(1);
    }
  }

  @Test
  void aCallerWhoseTimeIsUpIsAnsweredAndTheWorkerLives() throws Exception {
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(loop()));
      InferenceRequest hurried =
          new InferenceRequest(
              "loop",
              Optional.empty(),
              spin(20_000).inputs(),
              List.of(),
              Optional.of(Duration.ofMillis(1)));
      InferenceException late =
          catchThrowableOfType(InferenceException.class, () -> server.infer(hurried));
      assertThat(late.refusal()).isEqualTo(new DeadlineExceeded(Duration.ofMillis(1)));
      assertThat(server.infer(spin(3)).outputs()).hasSize(1);
      assertThat(status(server, "loop").restarts()).isZero();
    }
  }

  @Test
  void aFullQueueRefusesAtOnceAndSaysWhenToComeAgain() throws Exception {
    try (ModelServer server = store.server(2, Duration.ofSeconds(30))) {
      server.apply(store.deployment(loop()));
      try (Load load = new Load(16, () -> server.infer(spin(2_000)))) {
        load.awaitAnswers(20);
        assertThat(load.failures())
            .isNotEmpty()
            .allSatisfy(
                failure -> {
                  InferenceRefusal refusal = ((InferenceException) failure).refusal();
                  assertThat(refusal).isInstanceOf(QueueFull.class);
                  assertThat(((QueueFull) refusal).retryAfter()).isPositive();
                });
      }
    }
  }
}
