package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.inference.InferenceRefusal.NotReady;
import io.cloister.appliance.inference.ModelLoader.Accepted;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.worker.WorkerCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  void aModelWhoseSupervisorEndedByADefectIsNotReady() throws Exception {
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
    assertThat(
            catchThrowableOfType(InferenceException.class, () -> runner.infer(request(), LONG))
                .refusal())
        .isInstanceOf(NotReady.class);
    runner.stop(LONG);
  }
}
