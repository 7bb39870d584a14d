package io.cloister.appliance.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes in a worker's place that do not do their part. */
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

  @Test
  void oneThatClosesItsEndOfThePipeIsEnded() throws Exception {
    Path closed = folder.resolve("closed");
    WorkerProcess worker = launch("exec 0<&-; : >'%s'; exec sleep 60".formatted(closed));
    while (Files.notExists(closed)) {
      Thread.sleep(5);
    }
    assertThatThrownBy(() -> worker.run(List.of(), List.of()).get())
        .hasRootCauseInstanceOf(RunException.class);
    assertThat(worker.ended().get(20, TimeUnit.SECONDS)).isEqualTo("it does not read");
  }

  @Test
  void oneThatLeavesAChildBehindHasEnded() throws Exception {
    Path child = folder.resolve("child");
    WorkerProcess worker = launch("sleep 60 & echo $! >'%s'; exit 9".formatted(child));
    try {
      assertThat(worker.ended().get(20, TimeUnit.SECONDS)).isEqualTo("it ended with status 9");
      assertThatThrownBy(() -> worker.run(List.of(), List.of()).get())
          .hasRootCauseInstanceOf(RunException.class);
    } finally {
      long pid = Long.parseLong(Files.readString(child).strip());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aRunOfLimitedTimeEndsAlsoWhereItIsNotRead() throws Exception {
    WorkerProcess worker = launch("exec sleep 60");
    Tensor large = Tensors.fp32("a", Shape.of(1 << 18), new float[1 << 18]);
    assertThatThrownBy(() -> worker.run(List.of(large), List.of(), Duration.ofMillis(100)).get())
        .hasRootCauseInstanceOf(RunException.class);
    assertThat(worker.ended().get(20, TimeUnit.SECONDS)).startsWith("a run took longer than");
  }
}
