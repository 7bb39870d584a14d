package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.text.TokenList;
import io.cloister.repo.metadata.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** all-MiniLM-L6-v2, int8, from text to embedding. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddingTest {
  private static final Path MINILM = Path.of(System.getProperty("test.minilm"));
  private static final String GRAPH_SHA256 =
      "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1";
  private static final String YAML =
      """
      text: {task: embedding, tokenizer: tokenizer.json, max_tokens: 128, pooling: mean, \
      normalize: true}
      session: {intra_op_threads: 1, disabled_optimizers: [LayerNormFusionL1, LayerNormFusionL2]}
      """;

  /** A golden row. */
  private static final String ROW =
      """
      {"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["%s"]}],
       "outputs":[{"name":"tokens","datatype":"INT64","shape":[1],"data":[%d]}]}""";

  private StoreFixture store;
  private ModelServer server;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    Path graph = MINILM.resolve("all-minilm-l6-v2-q.onnx");
    assertThat(Sha256.of(Files.readAllBytes(graph)).hex()).isEqualTo(GRAPH_SHA256);
    store = new StoreFixture(folder);
    String golden =
        Rows.golden(
            "{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"hello world\"]}",
            Rows.int64("tokens", "[1]", "4"));
    ModelVersion minilm = add("minilm", YAML, golden);
    ModelVersion together =
        add("together", YAML + "batching: {rows: dependent, across_callers: true}\n", golden);
    ModelVersion forgotten =
        add(
            "forgotten",
            YAML,
            Rows.file("", ROW.formatted("hello world", 4), ROW.formatted("good night", 4)));
    server = store.server();
    assertThat(server.apply(store.deployment(minilm, together, forgotten)))
        .isEqualTo(new ApplyOutcome.Applied(1));
  }

  private ModelVersion add(String name, String yaml, String golden) throws Exception {
    Path graph = MINILM.resolve("all-minilm-l6-v2-q.onnx");
    ModelVersion half = store.add(name, "1.0.0", graph, yaml, golden);
    Path files = store.folder().resolve(half.folder());
    Files.copy(
        MINILM.resolve("all-minilm-l6-v2-q-tokenizer.json"), files.resolve("tokenizer.json"));
    Files.delete(files.resolve("manifest.json"));
    return store.seal(name, "1.0.0", files);
  }

  @AfterAll
  void close() {
    server.close();
    store.close();
  }

  private List<PackedTensor> ask(String... texts) throws InferenceException {
    return askModel("minilm", texts);
  }

  private List<PackedTensor> askModel(String model, String... texts) throws InferenceException {
    return server
        .infer(InferenceRequest.of(model, BytesTensor.ofTexts("text", texts)))
        .outputs()
        .stream()
        .map(PackedTensor.class::cast)
        .toList();
  }

  private static double similarity(PackedTensor embeddings, int a, int b) {
    double product = 0;
    for (int i = 0; i < 384; i++) {
      product +=
          (double) embeddings.data().getFloat((a * 384 + i) * Float.BYTES)
              * embeddings.data().getFloat((b * 384 + i) * Float.BYTES);
    }
    return product;
  }

  @Test
  void sentencesOfOneMeaningAreNearAndOthersFar() throws Exception {
    PackedTensor embeddings =
        ask("A cat sits on the mat.", "A kitten is sitting on a rug.", "Interest rates rose again.")
            .getFirst();
    assertThat(embeddings.shape()).isEqualTo(Shape.of(3, 384));
    assertThat(similarity(embeddings, 0, 0)).isEqualTo(1, within(1e-5));
    assertThat(similarity(embeddings, 0, 1)).isGreaterThan(0.5);
    assertThat(similarity(embeddings, 0, 2)).isLessThan(0.2);
  }

  @Test
  void aTextAnswersTheSameAloneAndAmongOthers() throws Exception {
    PackedTensor alone = ask("hello world").getFirst();
    PackedTensor among = ask("hello world", "something much longer than that").getFirst();
    assertThat(among.data().limit(384 * Float.BYTES)).isEqualTo(alone.data());
  }

  @Test
  void textsThatRunTogetherKeepTheirPlaceAndNearlyTheirAnswer() throws Exception {
    String[] texts =
        IntStream.range(0, 40)
            .mapToObj(i -> "A sentence about number " + i + " and more of it ".repeat(i % 7))
            .toArray(String[]::new);
    List<PackedTensor> together = askModel("together", texts);
    List<PackedTensor> alone = ask(texts);
    assertThat(together.get(1).data()).isEqualTo(alone.get(1).data());
    for (int text = 0; text < texts.length; text++) {
      double product = 0;
      for (int i = text * 384; i < (text + 1) * 384; i++) {
        product +=
            (double) together.getFirst().data().getFloat(i * Float.BYTES)
                * alone.getFirst().data().getFloat(i * Float.BYTES);
      }
      assertThat(product).as("cosine of text %d", text).isGreaterThan(0.98);
    }
  }

  @Test
  void textsOfADynamicallyQuantisedGraphRunAloneAlsoWhereItsPackageForgotToSaySo()
      throws Exception {
    PackedTensor alone = askModel("forgotten", "hello world").getFirst();
    PackedTensor among = askModel("forgotten", "hello world", "good night").getFirst();
    assertThat(among.data().limit(384 * Float.BYTES)).isEqualTo(alone.data());
    assertThat(server.served("forgotten", Optional.empty()).sharedRowsMax()).isEqualTo(1);
    assertThat(server.served("together", Optional.empty()).sharedRowsMax()).isEqualTo(16);
  }

  @Test
  void truncationIsReportedWithTheTokensOfTheWholeText() throws Exception {
    List<PackedTensor> outputs = ask("short", "word ".repeat(500));
    assertThat(outputs.get(1).name()).isEqualTo("tokens");
    assertThat(outputs.get(1).data().getLong(0)).isEqualTo(3);
    assertThat(outputs.get(1).data().getLong(Long.BYTES)).isEqualTo(502);
    assertThat(outputs.get(2).name()).isEqualTo("truncated");
    assertThat(outputs.get(2).data().get(0)).isZero();
    assertThat(outputs.get(2).data().get(1)).isEqualTo((byte) 1);
  }

  @Test
  void aTextThatIsTooLongIsCutInFrontOfTheLastSpecialToken() throws Exception {
    int[] kept = new int[128];
    Arrays.fill(kept, 2773);
    kept[0] = 101;
    kept[127] = 102;
    BytesTensor tokens = new BytesTensor("text", Shape.of(1), List.of(TokenList.encode(kept)));
    PackedTensor expected =
        (PackedTensor) server.infer(InferenceRequest.of("minilm", tokens)).outputs().getFirst();
    assertThat(ask("word ".repeat(500)).getFirst().data()).isEqualTo(expected.data());
  }

  @Test
  void charactersBeyondTheBasicPlaneReachTheTokenizer() throws Exception {
    assertThat(ask("good 😀 morning").getFirst().shape()).isEqualTo(Shape.of(1, 384));
    PackedTensor embeddings = ask("😀", "😡").getFirst();
    assertThat(embeddings.shape()).isEqualTo(Shape.of(2, 384));
  }

  @Test
  void aTextThatWouldExhaustTheWorkerIsRefused() {
    InferenceException refused =
        catchThrowableOfType(InferenceException.class, () -> ask("word ".repeat(100_000)));
    assertThat(refused.refusal())
        .isEqualTo(new BadContent("a text of 500000 bytes; at most 65536"));
  }

  @Test
  void moreTextsThanOneRequestMayHoldAreRefusedBeforeTheWorkerSeesThem() {
    String[] many = Collections.nCopies(257, "").toArray(new String[0]);
    InferenceException refused = catchThrowableOfType(InferenceException.class, () -> ask(many));
    assertThat(refused.refusal())
        .isEqualTo(new BadContent("257 texts in one request; at most 256"));
  }
}
