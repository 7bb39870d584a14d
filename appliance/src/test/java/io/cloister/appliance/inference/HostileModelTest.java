package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.inference.ApplyOutcome.Applied;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileModelTest {
  private StoreFixture store;

  @BeforeEach
  void open(@TempDir Path folder) {
    store = new StoreFixture(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ModelVersion hostile(String graph) throws Exception {
    return store.add(
        "hostile", "1.0.0", StoreFixture.resource("hostile-basic/" + graph), "", Rows.DIVIDE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a01-empty.onnx",
        "a03-truncated.onnx",
        "b01-opset99.onnx",
        "b05-custom-domain.onnx",
        "c01-traversal-relative/model.onnx",
        "c02-absolute/model.onnx"
      })
  void aHostileGraphIsRefusedWithTheReason(String graph) throws Exception {
    try (ModelServer server = store.server()) {
      Refused refused = (Refused) server.apply(store.deployment(hostile(graph)));
      assertThat(refused.reason())
          .containsPattern("^(it does not load|its graph is not served): ")
          .hasSizeGreaterThan(30);
      assertThat(server.generation()).isZero();
      assertThat(server.models())
          .singleElement()
          .satisfies(status -> assertThat(status.state()).isEqualTo(ModelState.FAILED));
    }
  }

  @Test
  void externalDataInsideThePackageIsLoaded() throws Exception {
    String golden =
        Rows.golden(
            "{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,1,1,1]}",
            "{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]}");
    Path source = StoreFixture.resource("hostile-basic/c00-ok-external");
    ModelVersion first = store.add("external", "1.0.0", source.resolve("model.onnx"), "", golden);
    Path files = store.folder().resolve(first.folder());
    Files.copy(source.resolve("weights.bin"), files.resolve("weights.bin"));
    Files.delete(files.resolve("manifest.json"));
    ModelVersion whole = store.seal("external", "1.0.0", files);
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(whole))).isEqualTo(new Applied(1));
    }
  }

  @Test
  void aPackageWithoutGoldenRowsIsRefused() throws Exception {
    ModelVersion bare =
        store.add("divide", "1.0.0", StoreFixture.resource("divide.onnx"), "", "{\"rows\":[]}");
    try (ModelServer server = store.server()) {
      Refused refused = (Refused) server.apply(store.deployment(bare));
      assertThat(refused.reason()).isEqualTo("golden.json cannot be used: there are no rows");
    }
  }

  @Test
  void everyFaultOfAModelYamlIsReportedAtOnce() throws Exception {
    String yaml = "grph: x\nlimits: {load_seconds: 0}\ntext: {task: poetry}\n";
    ModelVersion bad =
        store.add("divide", "1.0.0", StoreFixture.resource("divide.onnx"), yaml, Rows.DIVIDE);
    try (ModelServer server = store.server()) {
      Refused refused = (Refused) server.apply(store.deployment(bad));
      assertThat(refused.reason())
          .contains("grph: is not a known key")
          .contains("limits.load_seconds: is not a whole number from 1 to 3600: 0")
          .contains("text.task: is not one of [embedding]: poetry")
          .contains("text.tokenizer: is missing");
    }
  }

  @Test
  void aRequestForMoreMemoryThanTheModelMayHaveIsAnError() throws Exception {
    String yaml = "limits: {memory_mib: 768}\n";
    String golden = Rows.golden(Rows.int64("shape", "[1]", "8"), Rows.int64("count", "[]", "8"));
    ModelVersion greedy =
        store.add("greedy", "1.0.0", StoreFixture.resource("allocate.onnx"), yaml, golden);
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(greedy))).isEqualTo(new Applied(1));
      InferenceRequest fourGigabytes =
          InferenceRequest.of("greedy", Tensors.int64("shape", Shape.of(1), 1_000_000_000));
      InferenceException refused =
          catchThrowableOfType(InferenceException.class, () -> server.infer(fourGigabytes));
      assertThat(refused.refusal()).isInstanceOf(ModelFault.class);
      assertThat(server.models().getFirst().restarts()).isZero();
    }
  }
}
