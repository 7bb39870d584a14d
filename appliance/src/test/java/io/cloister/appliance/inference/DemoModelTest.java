package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.inference.ApplyOutcome.Applied;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages of the demo, as they are shipped. */
class DemoModelTest {
  private static final Path MINILM = Path.of(System.getProperty("test.minilm"));
  private static final Path PACKAGES = Path.of("../bundle/src/models/all-minilm-l6-v2");

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0"})
  void isAcceptedAndItsTextsAnswerTheSameAloneAndTogether(String version, @TempDir Path folder)
      throws Exception {
    try (StoreFixture store = new StoreFixture(folder);
        ModelServer server = store.server()) {
      Path files = Files.createDirectories(folder.resolve("models/minilm/" + version));
      copy(MINILM.resolve("all-minilm-l6-v2-q.onnx"), files.resolve("model.onnx"));
      copy(MINILM.resolve("all-minilm-l6-v2-q-tokenizer.json"), files.resolve("tokenizer.json"));
      for (String name : new String[] {"model.yaml", "golden.json"}) {
        copy(PACKAGES.resolve(version).resolve(name), files.resolve(name));
      }
      var model = store.seal("minilm", version, files);
      assertThat(server.apply(store.deployment(model))).isEqualTo(new Applied(1));
      JsonNode batch = store.report().path("batch");
      assertThat(batch.path("says").asText()).isEqualTo("dependent");
      assertThat(batch.path("rows").asInt()).isEqualTo(4);
      assertThat(batch.path("tolerance").asDouble()).isEqualTo(0.01);
      assertThat(batch.path("difference").asDouble()).isZero();
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.copy(from, to);
  }
}
