package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.inference.ApplyOutcome.Applied;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import io.cloister.appliance.worker.Impostor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelServerTest {
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

  private ModelVersion digits(String version, String golden) throws Exception {
    return store.add(
        "digits", version, StoreFixture.resource("digits-" + version + ".onnx"), "", golden);
  }

  private long digit(ModelServer server, int row) throws Exception {
    InferenceResult result = server.infer(InferenceRequest.of("digits", rows.pixels(row)));
    return ((PackedTensor) result.outputs().getFirst()).data().getLong();
  }

  @Test
  void aDeploymentServesWhenItsGoldenRowsPass() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0, 1, 2));
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(digits))).isEqualTo(new Applied(1));
      assertThat(server.ready()).isTrue();
      int right = 0;
      for (int row = 0; row < rows.count(); row++) {
        right += digit(server, row) == rows.digit(row) ? 1 : 0;
      }
      assertThat(right).isGreaterThan(rows.count() * 9 / 10);
      assertThat(server.stats().getFirst().requests()).isEqualTo(rows.count());
      assertThat(server.stats().getFirst().latency().p99Millis()).isPositive();
    }
  }

  @Test
  void aVersionThatFailsItsGoldenRowsLeavesTheRoutingAsItWas() throws Exception {
    ModelVersion good = digits("1.1.0", rows.golden(0, 1, 2));
    ModelVersion broken = digits("1.2.0-broken-scale", rows.golden(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(good));
      ApplyOutcome outcome = server.apply(store.deployment(broken));
      assertThat(outcome).isInstanceOf(Refused.class);
      Refused refused = (Refused) outcome;
      assertThat(refused.generation()).isEqualTo(1);
      assertThat(refused.model()).contains(broken);
      assertThat(refused.reason()).contains("golden row").contains("label");
      assertThat(server.find("digits", Optional.empty()).orElseThrow().model()).isEqualTo(good);
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
      assertThat(server.models()).extracting(ModelStatus::active).containsExactly(true, false);
      assertThat(server.ready()).isTrue();
    }
  }

  @Test
  void anUpdateSwitchesUnderLoadWithoutLosingARequest() throws Exception {
    ModelVersion old = digits("1.0.0", rows.golden(0));
    ModelVersion update = digits("1.1.0", rows.golden(0));
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(old));
      try (Load load = new Load(4, () -> digit(server, 0))) {
        assertThat(server.apply(store.deployment(update))).isEqualTo(new Applied(2));
        load.awaitAnswers(50);
        assertThat(load.failures()).isEmpty();
      }
      assertThat(server.find("digits", Optional.of("1.0.0"))).isEmpty();
    }
  }

  @Test
  void whatServedBeforeARestartServesAfterIt() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0));
    var deployment = store.deployment(digits);
    try (ModelServer server = store.server()) {
      server.apply(deployment);
    }
    try (ModelServer server = store.server()) {
      assertThat(server.generation()).isEqualTo(1);
      assertThat(server.ready()).isFalse();
      assertThat(server.apply(deployment)).isEqualTo(new Applied(1));
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
    }
  }

  @Test
  void aRefusedDeploymentAtTheStartLeavesTheOldOneServing() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0));
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(digits));
    }
    ModelVersion other =
        new ModelVersion("x", "1.0.0", "00", "models/x/1.0.0", digits.provenance());
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(digits, other))).isInstanceOf(Refused.class);
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
      assertThat(server.ready()).isTrue();
    }
  }

  @Test
  void aChangedByteInAModelFileIsFoundAtTheLoad() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0));
    Path graph = store.folder().resolve(digits.folder()).resolve("model.onnx");
    byte[] bytes = Files.readAllBytes(graph);
    bytes[bytes.length / 2] ^= 1;
    Files.write(graph, bytes);
    try (ModelServer server = store.server()) {
      Refused refused = (Refused) server.apply(store.deployment(digits));
      assertThat(refused.reason()).contains("model.onnx").contains("sha256");
      assertThat(server.ready()).isFalse();
    }
  }

  @Test
  void whatIsRoutedAndDoesNotStartIsTriedAgain() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0));
    var deployment = store.deployment(digits);
    try (ModelServer server = store.server()) {
      server.apply(deployment);
    }
    Path graph = store.folder().resolve(digits.folder()).resolve("model.onnx");
    Path away = graph.resolveSibling("away");
    Files.move(graph, away);
    try (ModelServer server = store.server()) {
      assertThat(server.apply(deployment)).isInstanceOf(Refused.class);
      assertThat(server.models().getFirst().state()).isEqualTo(ModelState.FAILED);
      Files.move(away, graph);
      while (!server.ready()) {
        Thread.sleep(10);
      }
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
    }
  }

  @Test
  void theEndWaitsForNoModelThatLoads() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0));
    ModelVersion another =
        store.add("loop", "1.0.0", StoreFixture.resource("loop.onnx"), "", Rows.LOOP);
    var workers = new Workers(store.folder(), Impostor.write(store.folder(), "exec sleep 60"));
    long before = ProcessHandle.current().children().count();
    FutureTask<ApplyOutcome> start;
    try (ModelServer server = store.server(workers, StoreFixture.HOST)) {
      start = new FutureTask<>(() -> server.apply(store.deployment(digits, another)));
      Thread starting = Thread.ofPlatform().start(start);
      while (!List.of(starting.getStackTrace()).toString().contains("WorkerProcess.load")) {
        Thread.sleep(1);
      }
    }
    Refused refused = (Refused) start.get(1, TimeUnit.MINUTES);
    assertThat(refused.reason()).isEqualTo("the appliance is stopping");
    while (ProcessHandle.current().children().count() > before) {
      Thread.sleep(10);
    }
  }

  @Test
  void whereTheFirstDimensionCountsNoRowsARequestIsOne() throws Exception {
    InferenceRequest two =
        InferenceRequest.of("digits", Tensors.fp32("pixels", Shape.of(2, 64), new float[128]));
    ModelVersion counted = digits("1.1.0", rows.golden(0));
    ModelVersion never = store.digits("1.0.0", "batching: {rows: never}\n", rows.golden(0));
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(counted));
      assertThat(rowsOf(two, server)).isEqualTo(2);
      server.apply(store.deployment(never));
      assertThat(rowsOf(two, server)).isEqualTo(1);
    }
  }

  /** They are counted a moment after the answer. */
  private static long rowsOf(InferenceRequest request, ModelServer server) throws Exception {
    server.infer(request);
    while (server.stats().getFirst().work().rows() == 0) {
      Thread.sleep(1);
    }
    return server.stats().getFirst().work().rows();
  }

  @Test
  void anOlderGenerationIsRefused() throws Exception {
    ModelVersion digits = digits("1.1.0", rows.golden(0));
    var first = store.deployment(digits);
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(digits));
      assertThat(server.apply(first)).isInstanceOf(Refused.class);
      assertThat(server.generation()).isEqualTo(2);
    }
  }

  @Test
  void aWorkerThatHangsWhileItDrainsIsEndedAtItsOwnLimit() throws Exception {
    ModelVersion old = store.digits("1.0.0", "limits: {request_seconds: 3}\n", rows.golden(0));
    ModelVersion update = digits("1.1.0", rows.golden(0));
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(old))).isEqualTo(new Applied(1));
      long pid = server.models().getFirst().pid().orElseThrow();
      // It reads no more: a run of more than its pipe holds is neither sent nor answered.
      assertThat(new ProcessBuilder("kill", "-STOP", "" + pid).start().waitFor()).isZero();
      InferenceRequest large =
          InferenceRequest.of(
              "digits", Tensors.fp32("pixels", Shape.of(2048, 64), new float[2048 * 64]));
      FutureTask<InferenceResult> hung = new FutureTask<>(() -> server.infer(large));
      FutureTask<Long> waiting = new FutureTask<>(() -> digit(server, 0));
      Thread.ofVirtual().start(hung);
      Thread.sleep(200);
      Thread.ofVirtual().start(waiting);
      assertThat(server.apply(store.deployment(update))).isEqualTo(new Applied(2));
      assertThat(hung.state()).isNotEqualTo(FutureTask.State.RUNNING);
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(rows.digit(0));
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
    }
  }

  @Test
  void aDeploymentThatCannotBeWrittenLeavesNoWorkerBehind() throws Exception {
    ModelVersion old = digits("1.0.0", rows.golden(0));
    ModelVersion update = digits("1.1.0", rows.golden(0));
    try (ModelServer server = store.server()) {
      server.apply(store.deployment(old));
      List<ProcessHandle> before = ProcessHandle.current().children().toList();
      store.holdDatabase();
      assertThat(server.apply(store.deployment(update)))
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.reason()).contains("did not take a change"));
      assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
          .isSubsetOf(before);
      assertThat(server.find("digits", Optional.empty()).orElseThrow().model()).isEqualTo(old);
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
      assertThat(server.ready()).isTrue();
    }
  }

  @Test
  void whatWasStartedBeforeAnInterruptIsNotLost() throws Exception {
    ModelVersion first = digits("1.1.0", rows.golden(0));
    ModelVersion second =
        store.add("loop", "1.0.0", StoreFixture.resource("loop.onnx"), "", Rows.LOOP);
    var deployment = store.deployment(first, second);
    try (ModelServer server = store.server()) {
      assertThat(server.apply(deployment)).isEqualTo(new Applied(1));
    }
    long before = ProcessHandle.current().children().count();
    try (ModelServer server = store.server()) {
      FutureTask<ApplyOutcome> start = new FutureTask<>(() -> server.apply(deployment));
      Thread starting = Thread.ofPlatform().start(start);
      // The second one is told what to load.
      while (ProcessHandle.current().children().count() < before + 2
          || !List.of(starting.getStackTrace()).toString().contains("WorkerProcess.load")) {
        Thread.sleep(1);
      }
      starting.interrupt();
      assertThat(start.get(30, TimeUnit.SECONDS)).isInstanceOf(Refused.class);
      assertThat(digit(server, 0)).isEqualTo(rows.digit(0));
    }
    while (ProcessHandle.current().children().count() > before) {
      Thread.sleep(10);
    }
  }
}
