package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.inference.InferenceRefusal.NotReady;
import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.inference.ModelLoader.Accepted;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import io.cloister.appliance.worker.WorkerCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRunnerTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private StoreFixture store;
  private Rows rows;
  private ModelVersion digits;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = new StoreFixture(folder);
    rows = new Rows();
    digits = store.digits("1.1.0", "", rows.golden(0));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A runner whose first worker is a good one, and later ones as that command makes them. */
  private ModelRunner runner(WorkerCommand later) throws Exception {
    Records records = store.records(StoreFixture.HOST);
    Accepted accepted =
        new ModelLoader(store.workers(), records).accept(digits, true, Optional::empty);
    ModelLoader loader = new ModelLoader(new Workers(store.folder(), later), records);
    return ModelRunner.start(loader, Settings.defaults().limits(), accepted);
  }

  private InferenceRequest request() throws Exception {
    return InferenceRequest.of("digits", rows.pixels(0));
  }

  @Test
  void aModelThatADefectKeepsFromStartingIsNotReadyAndIsTriedAgain() throws Exception {
    // No environment takes that class path.
    WorkerCommand defect =
        new WorkerCommand(
            Path.of("java"), "\0", Optional.empty(), List.of(), Optional.empty(), false);
    ModelRunner runner = runner(defect);
    assertThat(runner.infer(request(), LONG)).isPresent();
    ProcessHandle.of(runner.status().pid().orElseThrow()).orElseThrow().destroyForcibly();
    while (runner.status().state() != ModelState.FAILED) {
      Thread.sleep(10);
    }
    assertThat(runner.ready()).isFalse();
    assertThat(runner.status().reason().orElseThrow()).startsWith("a defect: ");
    assertThat(refusal(runner, request())).isInstanceOf(NotReady.class);
    while (runner.status().restarts() < 3) {
      Thread.sleep(10);
    }
    runner.stop(LONG);
  }

  @Test
  void aRunnerWhoseTimeIsOverLeavesNobodyWaiting() throws Exception {
    ModelRunner runner = runner(WorkerCommand.ofThisProcess());
    signal("STOP", runner.status());
    List<FutureTask<InferenceRefusal>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(new FutureTask<>(() -> refusal(runner, large())));
      Thread caller = Thread.ofVirtual().start(callers.getLast());
      // The first is more than the pipe holds: whoever sends it is held, and the others wait.
      while (caller.getState() != Thread.State.WAITING || runner.stats().queueDepth() != i) {
        Thread.sleep(5);
      }
    }
    runner.stop(Duration.ofMillis(100));
    for (FutureTask<InferenceRefusal> caller : callers) {
      assertThat(caller.get(30, TimeUnit.SECONDS))
          .isInstanceOfAny(NotReady.class, WorkerCrashed.class);
    }
    assertThat(runner.infer(request(), LONG)).isEmpty();
  }

  private static InferenceRefusal refusal(ModelRunner runner, InferenceRequest request) {
    return catchThrowableOfType(InferenceException.class, () -> runner.infer(request, LONG))
        .refusal();
  }

  private static InferenceRequest large() {
    return InferenceRequest.of(
        "digits", Tensors.fp32("pixels", Shape.of(4096, 64), new float[4096 * 64]));
  }

  private static void signal(String signal, ModelStatus status) throws Exception {
    String pid = String.valueOf(status.pid().orElseThrow());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
  }
}
