package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.inference.Workers.Loaded;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.worker.WorkerCommand;
import io.cloister.appliance.worker.WorkerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkersTest {
  @TempDir Path folder;

  @Test
  void whatWasBegunIsOpenedOnce() throws Exception {
    try (StoreFixture store = new StoreFixture(folder)) {
      ModelVersion model = divide(store);
      Workers workers = new Workers(store.folder(), WorkerCommand.ofThisProcess());
      workers.begin(List.of(model));
      Loaded begun = workers.open(model, Optional.empty());
      Loaded another = workers.open(model, Optional.empty());
      assertThat(another.worker().pid()).isNotEqualTo(begun.worker().pid());
      begun.worker().kill("the test is over");
      another.worker().kill("the test is over");
    }
  }

  @Test
  void anotherWorkerOfAVersionNeedsNoAcceptanceTests() throws Exception {
    try (StoreFixture store = new StoreFixture(folder)) {
      Workers workers = new Workers(store.folder(), WorkerCommand.ofThisProcess());
      Loaded whole = workers.open(divide(store), Optional.empty());
      whole.worker().kill("the test is over");
      ModelVersion other = store.add("other", "1.0.0", graph(), "", "{\"rows\":");
      assertThatThrownBy(() -> workers.open(other, Optional.empty()))
          .hasMessageContaining("golden.json cannot be used");
      ModelPackage files =
          new ModelPackage(other, whole.files().folder(), whole.files().config(), false);
      WorkerProcess another = workers.again(files, whole.settings());
      assertThat(another.signature()).isEqualTo(whole.worker().signature());
      another.kill("the test is over");
    }
  }

  @Test
  void whatNobodyAskedForEnds() throws Exception {
    try (StoreFixture store = new StoreFixture(folder)) {
      ModelVersion model = divide(store);
      Workers workers = new Workers(store.folder(), WorkerCommand.ofThisProcess());
      long before = ProcessHandle.current().children().count();
      workers.begin(List.of(model, store.add("second", "1.0.0", graph(), "", Rows.DIVIDE)));
      while (ProcessHandle.current().children().count() == before) {
        Thread.sleep(10);
      }
      workers.endUnasked();
      while (ProcessHandle.current().children().count() > before) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void whatWasBegunAndIsRefusedSaysWhy() throws Exception {
    try (StoreFixture store = new StoreFixture(folder)) {
      ModelVersion model = divide(store);
      Files.writeString(store.folder().resolve(model.folder()).resolve("manifest.json"), "{}");
      Workers workers = new Workers(store.folder(), WorkerCommand.ofThisProcess());
      workers.begin(List.of(model));
      assertThatThrownBy(() -> workers.open(model, Optional.empty()))
          .isInstanceOf(ModelRefused.class)
          .hasMessageContaining("its manifest was changed");
    }
  }

  @Test
  void aWorkerLeavesNothingInTheTemporaryFolder() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    WorkerCommand usual = WorkerCommand.ofThisProcess();
    WorkerCommand command =
        new WorkerCommand(
            usual.java(),
            usual.classPath(),
            usual.home(),
            List.of("-Djava.io.tmpdir=" + temporary),
            Optional.empty(),
            false);
    try (StoreFixture store = new StoreFixture(folder)) {
      Loaded loaded = new Workers(store.folder(), command).open(divide(store), Optional.empty());
      loaded.worker().kill("the test is over");
    }
    assertThat(temporary).isEmptyDirectory();
  }

  /** In the worker's place: notes that it was started, and what it is given. */
  private Workers noting() throws Exception {
    Path impostor = folder.resolve("impostor");
    Files.writeString(
        impostor,
        "#!/bin/sh\n: >'%s'\nexec cat >'%s'\n"
            .formatted(folder.resolve("up"), folder.resolve("given")));
    Files.setPosixFilePermissions(impostor, PosixFilePermissions.fromString("rwx------"));
    return new Workers(
        folder,
        new WorkerCommand(impostor, "", Optional.empty(), List.of(), Optional.empty(), false));
  }

  @Test
  void aModelFileThatChangedIsNeverOpenedByTheEngine() throws Exception {
    try (StoreFixture store = new StoreFixture(folder)) {
      ModelVersion whole =
          store.add("whole", "1.0.0", graph(), "limits: {load_seconds: 1}\n", Rows.DIVIDE);
      assertThatThrownBy(() -> noting().open(whole, Optional.empty()))
          .hasMessage("it did not load within 1 s");
      assertThat(folder.resolve("given").toFile()).isNotEmpty();
      Files.delete(folder.resolve("given"));

      ModelVersion changed = divide(store);
      Path file = folder.resolve(changed.folder()).resolve("model.onnx");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      assertThatThrownBy(() -> noting().open(changed, Optional.empty()))
          .isInstanceOf(ModelRefused.class)
          .hasMessageContaining("its file model.onnx was changed");
      assertThat(
              Files.notExists(folder.resolve("given")) || Files.size(folder.resolve("given")) == 0)
          .isTrue();
    }
  }

  @Test
  void limitsThatWereChangedStartNoWorker() throws Exception {
    try (StoreFixture store = new StoreFixture(folder)) {
      ModelVersion model = divide(store);
      Files.writeString(
          folder.resolve(model.folder()).resolve("model.yaml"),
          "\nlimits: {memory_mib: 1048576}\n",
          StandardOpenOption.APPEND);
      assertThatThrownBy(() -> noting().open(model, Optional.empty()))
          .hasMessageContaining("its file model.yaml was changed");
      assertThat(folder.resolve("up")).doesNotExist();
    }
  }

  private static ModelVersion divide(StoreFixture store) throws Exception {
    return store.add("divide", "1.0.0", graph(), "", Rows.DIVIDE);
  }

  private static Path graph() {
    return StoreFixture.resource("divide.onnx");
  }
}
