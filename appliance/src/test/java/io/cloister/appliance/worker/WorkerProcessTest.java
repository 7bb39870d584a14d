package io.cloister.appliance.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes in a worker's place that never read. */
class WorkerProcessTest {
  private static final ModelConfig.Limits LIMITS =
      new ModelConfig.Limits(
          Duration.ofSeconds(60), Duration.ofSeconds(60), 64, 1024, OptionalInt.empty());

  @TempDir Path folder;

  private WorkerProcess launch(String script) throws Exception {
    return WorkerProcess.launch(Impostor.write(folder, script), LIMITS, "impostor");
  }

  private static void assertThatItsEndFreesItsWriter(WorkerProcess worker) throws Exception {
    Tensor large = Tensors.fp32("a", Shape.of(1 << 18), new float[1 << 18]);
    FutureTask<List<Tensor>> run =
        new FutureTask<>(() -> worker.run(List.of(large), List.of()).get());
    Thread writer = Thread.ofPlatform().daemon().start(run);
    while (!List.of(writer.getStackTrace()).toString().contains("FileOutputStream.write")) {
      Thread.sleep(5);
    }
    FutureTask<Boolean> killed =
        new FutureTask<>(
            () -> {
              worker.kill("the test is over");
              return true;
            });
    Thread.ofPlatform().daemon().start(killed);
    assertThat(killed.get(20, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> run.get(20, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(RunException.class);
    assertThat(worker.ended().get(20, TimeUnit.SECONDS)).isEqualTo("the test is over");
  }

  @Test
  void whoWritesToAProcessThatDoesNotReadIsFreedByItsEnd() throws Exception {
    assertThatItsEndFreesItsWriter(launch("exec sleep 60"));
  }

  @Test
  void aChildOfAWorkerEndsWithIt() throws Exception {
    assertThatItsEndFreesItsWriter(launch("sleep 60 <&0 & wait"));
  }
}
