package io.cloister.appliance.inference;

import static io.cloister.appliance.inference.TuningFixture.PATIENT;
import static io.cloister.appliance.inference.TuningFixture.SMALL;
import static io.cloister.appliance.inference.TuningFixture.TIME;
import static io.cloister.appliance.inference.TuningFixture.evidence;
import static io.cloister.appliance.inference.TuningFixture.inEffect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.inference.TuneOutcome.Done;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.model.Tuning;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that other settings make cheaper, and whose answers they change a little. */
class TunedEmbeddingTest {
  private static final Path MINILM = Path.of(System.getProperty("test.minilm"));
  private static final String TEXT =
      "text: {task: embedding, tokenizer: tokenizer.json, max_tokens: 128, pooling: mean,"
          + " normalize: true}\nbatching: {rows: dependent}\n";
  private static final List<String> NORMS = List.of("LayerNormFusionL1", "LayerNormFusionL2");

  private TuningFixture fixture;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    fixture = new TuningFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private ModelVersion minilm(String version, String output, String tolerance) throws Exception {
    String input =
        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]}],"
                .formatted("The cat sleeps on the warm stones beside the old harbour wall.")
            + "\"outputs\":["
            + output
            + "],\"tolerance\":"
            + tolerance
            + "}";
    Path graph = MINILM.resolve("all-minilm-l6-v2-q.onnx");
    ModelVersion half =
        fixture.store().add("minilm", version, graph, TEXT + PATIENT, Rows.file("", input));
    Path files = fixture.store().folder().resolve(half.folder());
    Files.copy(
        MINILM.resolve("all-minilm-l6-v2-q-tokenizer.json"), files.resolve("tokenizer.json"));
    Files.delete(files.resolve("manifest.json"));
    return fixture.store().seal("minilm", version, files);
  }

  private static float[] embed(ModelServer server) throws Exception {
    var text =
        BytesTensor.ofTexts(
            "text", "The cat sleeps on the warm stones beside the old harbour wall.");
    var answer = server.infer(InferenceRequest.of("minilm", text)).outputs().getFirst();
    float[] values = new float[384];
    ((PackedTensor) answer).data().asFloatBuffer().get(values);
    return values;
  }

  /** Its golden row allows no other answer than the one with the package's own settings. */
  private ModelVersion exactMinilm() throws Exception {
    ModelVersion loose = minilm("0.1.0", Rows.int64("tokens", "[1]", "15"), "1e9");
    float[] values;
    try (ModelServer server = fixture.store().server(SMALL)) {
      ApplyOutcome outcome = server.apply(fixture.store().deployment(loose));
      assertThat(outcome).isInstanceOf(ApplyOutcome.Applied.class);
      values = embed(server);
    }
    String data =
        IntStream.range(0, values.length)
            .mapToObj(i -> Float.toString(values[i]))
            .collect(Collectors.joining(","));
    String output =
        "{\"name\":\"embedding\",\"datatype\":\"FP32\",\"shape\":[1,384],\"data\":[%s]}"
            .formatted(data);
    return minilm("1.0.0", output, "0");
  }

  /** More threads that spin than there are processors: whatever else is better. */
  private static RunSettings crowded() {
    int threads = 4 * Runtime.getRuntime().availableProcessors();
    return new RunSettings(1, Math.min(threads, RunSettings.THREADS_MAX), true, List.of(), 16);
  }

  @Test
  void whatIsCheaperIsKeptWithItsEvidenceAndAnswersAsBefore() throws Exception {
    ModelVersion minilm = minilm("1.0.0", Rows.int64("tokens", "[1]", "15"), "0");
    fixture.choose(minilm, crowded(), SMALL);
    try (ModelServer server = fixture.store().server(SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(minilm));
      float[] before = embed(server);
      long pid = server.models().getFirst().pid().orElseThrow();
      TuneOutcome outcome = tuner.tune("minilm", TIME, true, new Tuner.Watch(_ -> {}, _ -> {}));
      assertThat(outcome).isInstanceOf(Done.class);
      Done done = (Done) outcome;
      assertThat(done.changed()).as(done.evidence()).isTrue();
      assertThat(done.settings().intraOpThreads()).isLessThan(crowded().intraOpThreads());
      assertThat(evidence(done).path("gain").path("cpu_ratio").asDouble()).isBetween(0.0, 0.95);
      assertThat(server.models().getFirst().pid().orElseThrow()).isNotEqualTo(pid);
      assertThat(inEffect(server).settings()).isEqualTo(done.settings());
      assertThat(inEffect(server).tunedAt()).isPresent();
      float[] after = embed(server);
      double cosine = 0;
      for (int i = 0; i < before.length; i++) {
        cosine += before[i] * after[i];
      }
      assertThat(cosine).isGreaterThan(0.99);
      Tuning kept = fixture.store().records(SMALL).tunings().find(minilm).orElseThrow();
      assertThat(kept.settings()).isEqualTo(done.settings());
      assertThat(kept.evidence()).isEqualTo(done.evidence());
    }
  }

  @Test
  void aSettingWhoseGoldenRowsFailIsNeverTaken() throws Exception {
    ModelVersion minilm = exactMinilm();
    try (ModelServer server = fixture.store().server(SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(minilm));
      TuneOutcome outcome = tuner.tune("minilm", TIME, true, new Tuner.Watch(_ -> {}, _ -> {}));
      JsonNode first = evidence(outcome).path("tried").path(0);
      assertThat(first.path("settings").path("disabled_optimizers")).hasSize(2);
      assertThat(first.path("outcome").asText()).isEqualTo("refused");
      assertThat(first.path("reason").asText()).contains("1 of 1 golden rows failed");
      assertThat(inEffect(server).settings().disabledOptimizers()).isEmpty();
    }
  }

  @Test
  void aChoiceThatDoesNotHoldAtTheStartGivesWayToThePackagesOwn() throws Exception {
    ModelVersion minilm = exactMinilm();
    fixture.choose(minilm, new RunSettings(1, 1, false, NORMS, 16), SMALL);
    try (ModelServer server = fixture.store().server(SMALL)) {
      assertThat(server.apply(fixture.store().deployment(minilm)))
          .isInstanceOf(ApplyOutcome.Applied.class);
      assertThat(inEffect(server).settings().disabledOptimizers()).isEmpty();
      assertThat(inEffect(server).tunedAt()).isEmpty();
      assertThat(inEffect(server).unused().orElseThrow()).contains("golden rows failed");
    }
  }
}
