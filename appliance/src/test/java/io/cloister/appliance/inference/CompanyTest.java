package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.inference.ApplyOutcome.Applied;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The graph of all-MiniLM-L6-v2, quantised dynamically to int8, as tensors in, tensors out: its
 * answers depend on what else is in the batch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompanyTest {
  private static final Path GRAPH =
      Path.of(System.getProperty("test.minilm"), "all-minilm-l6-v2-q.onnx");
  private static final int TOKENS = 12;
  private static final int HIDDEN = 384;

  private StoreFixture store;
  private String[] golden;

  @BeforeAll
  void theAnswersOfFourRowsAlone(@TempDir Path folder) throws Exception {
    store = new StoreFixture(folder);
    String zeros = IntStream.range(0, TOKENS * HIDDEN).mapToObj(i -> "0").collect(commas());
    ModelVersion open = add("0.1.0", "never", Rows.file("", row(0, zeros, "1e9")));
    List<String> rows = new ArrayList<>();
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(open))).isInstanceOf(Applied.class);
      for (int i = 0; i < 4; i++) {
        Tensor[] inputs = inputs(i).toArray(Tensor[]::new);
        var answer = server.infer(InferenceRequest.of("minilm", inputs)).outputs().getFirst();
        FloatBuffer values = ((PackedTensor) answer).data().asFloatBuffer();
        rows.add(row(i, text(values), "0.001"));
      }
    }
    golden = rows.toArray(String[]::new);
  }

  @AfterAll
  void close() {
    store.close();
  }

  private static Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(",");
  }

  private static String text(FloatBuffer values) {
    return IntStream.range(0, values.remaining())
        .mapToObj(i -> String.valueOf(values.get(i)))
        .collect(commas());
  }

  private ModelVersion add(String version, String says, String golden) throws Exception {
    return store.add("minilm", version, GRAPH, "batching: {rows: %s}\n".formatted(says), golden);
  }

  private static List<Tensor> inputs(int row) {
    Shape shape = Shape.of(1, TOKENS);
    return List.of(
        Tensors.int64("input_ids", shape, new Random(row).longs(TOKENS, 1000, 20_000).toArray()),
        Tensors.int64("attention_mask", shape, LongStream.range(0, TOKENS).map(i -> 1).toArray()),
        Tensors.int64("token_type_ids", shape, new long[TOKENS]));
  }

  private static String row(int row, String values, String tolerance) {
    String inputs =
        inputs(row).stream()
            .map(input -> Rows.int64(input.name(), "[1,12]", longs((PackedTensor) input)))
            .collect(commas());
    return """
        {"inputs":[%s],"outputs":[{"name":"last_hidden_state","datatype":"FP32",
          "shape":[1,12,384],"data":[%s]}],"tolerance":%s}"""
        .formatted(inputs, values, tolerance);
  }

  private static String longs(PackedTensor tensor) {
    return IntStream.range(0, TOKENS)
        .mapToObj(i -> String.valueOf(tensor.data().getLong(i * Long.BYTES)))
        .collect(commas());
  }

  private ApplyOutcome apply(ModelVersion model) {
    try (ModelServer server = store.server()) {
      return server.apply(store.deployment(model));
    }
  }

  @Test
  void refusesAPackageThatDoesNotSayThatItsAnswersDependOnCompany() throws Exception {
    ApplyOutcome outcome = apply(add("0.2.0", "independent", Rows.file("", golden)));
    assertThat(((Refused) outcome).reason())
        .startsWith("4 of 4 golden rows failed; row 1 in a batch: output last_hidden_state")
        .endsWith("tolerance 0.001");
  }

  @Test
  void theToleranceThatThePackageStatesHoldsInABatch() throws Exception {
    String tight = Rows.file("\"batch_tolerance\":0.0011,", golden);
    assertThat(((Refused) apply(add("0.3.0", "dependent", tight))).reason())
        .contains("in a batch", "tolerance 0.0011");
    String wide = Rows.file("\"batch_tolerance\":1.0,", golden);
    assertThat(apply(add("0.4.0", "dependent", wide))).isInstanceOf(Applied.class);
    JsonNode batch = store.report().path("batch");
    assertThat(batch.path("rows").asInt()).isEqualTo(4);
    assertThat(batch.path("difference").asDouble()).isBetween(0.0011, 1.0);
  }

  @Test
  void withoutAToleranceOnlyFormAndFinitenessCountAndTheDifferenceIsKept() throws Exception {
    assertThat(apply(add("0.5.0", "dependent", Rows.file("", golden)))).isInstanceOf(Applied.class);
    assertThat(store.report().path("batch").path("difference").asDouble()).isGreaterThan(0.0011);
  }

  @Test
  void refusesABatchToleranceThatTheModelFileDoesNotAskFor() throws Exception {
    String wide = Rows.file("\"batch_tolerance\":1.0,", golden);
    assertThat(((Refused) apply(add("0.6.0", "independent", wide))).reason())
        .isEqualTo(
            "golden.json states batch_tolerance, but model.yaml says batching.rows: independent");
  }
}
