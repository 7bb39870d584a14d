package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.inference.ApplyOutcome.Applied;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.model.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model version must show on this machine before it serves. */
class AcceptanceTest {
  private static final int[] TEN = IntStream.range(0, 10).toArray();

  private StoreFixture store;
  private Rows rows;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = new StoreFixture(folder);
    rows = new Rows();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ModelVersion digits(String version, String yaml, String golden) throws Exception {
    return store.digits(version, yaml, golden);
  }

  private ModelVersion digits(String version, String golden) throws Exception {
    return digits(version, "", golden);
  }

  private String refusal(ModelVersion... models) {
    try (ModelServer server = store.server()) {
      return refusal(server, models);
    }
  }

  private String refusal(ModelServer server, ModelVersion... models) {
    ApplyOutcome outcome = server.apply(store.deployment(models));
    assertThat(outcome).isInstanceOf(Refused.class);
    return ((Refused) outcome).reason();
  }

  private JsonNode accepted(ModelVersion... models) throws Exception {
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(models))).isInstanceOf(Applied.class);
    }
    return store.report();
  }

  @Test
  void aPackageWithMoreOptimizersThanARunTakesIsRefusedForThat() throws Exception {
    String names = String.join(",", Collections.nCopies(100, "Fusion"));
    String yaml = "session: {disabled_optimizers: [" + names + "]}\n";
    assertThat(refusal(digits("1.1.0", yaml, rows.golden(0))))
        .contains("session.disabled_optimizers", "has more than 99 names");
  }

  @Test
  void whereTheDatabaseCannotTellWhatWasAcceptedTheReasonIsItsOwn() throws Exception {
    store.loseRecords();
    assertThat(refusal(digits("1.1.0", rows.golden(0))))
        .startsWith("the database cannot be read: ");
  }

  @Test
  void theReportNamesEveryRowThatFailsAndTheReasonIsOneShortLine() throws Exception {
    String reason = refusal(digits("1.2.0-broken-scale", rows.golden(TEN)));
    assertThat(reason)
        .isEqualTo(
            "6 of 10 golden rows failed; row 1 alone: output label, element 0: expected 3, got 8,"
                + " tolerance 0.0");
    JsonNode report = store.report();
    assertThat(report.path("accepted").asBoolean()).isFalse();
    assertThat(report.path("reason").asText()).isEqualTo(reason);
    assertThat(report.path("rows_failed").asInt()).isEqualTo(6);
    assertThat(report.path("faults")).hasSize(6);
    assertThat(report.path("faults").path(0).toString())
        .isEqualTo(
            "{\"row\":1,\"batched\":false,\"kind\":\"other_value\",\"output\":\"label\","
                + "\"element\":0,\"expected\":\"3\",\"got\":\"8\",\"tolerance\":0.0}");
  }

  @Test
  void rowsOfOneFormAreAskedTogetherTooAndWhatIsAcceptedIsKept() throws Exception {
    JsonNode report = accepted(digits("1.1.0", rows.golden(TEN)));
    assertThat(report.path("accepted").asBoolean()).isTrue();
    assertThat(report.path("rows").asInt()).isEqualTo(10);
    assertThat(report.path("batch").path("says").asText()).isEqualTo("independent");
    assertThat(report.path("batch").path("rows").asInt()).isEqualTo(10);
    assertThat(report.path("batch").path("difference").asDouble()).isLessThan(1e-4);
    assertThat(report.path("median_ms").asDouble()).isPositive();
    assertThat(Instant.parse(report.path("at").asText())).isBefore(Instant.now());
  }

  @Test
  void rowsAreNotAskedTogetherWhereThePackageSaysThatTheFirstDimensionIsNoBatch() throws Exception {
    JsonNode report = accepted(digits("1.1.0", "batching: {rows: never}\n", rows.golden(0, 1, 2)));
    assertThat(report.path("batch").path("rows").asInt()).isZero();
  }

  /** The square root, from the graph of another function whose name is as long. */
  private ModelVersion squareRoot(String x, String y) throws Exception {
    byte[] relu = Files.readAllBytes(StoreFixture.resource("hostile-basic/ok-relu.onnx"));
    String graph = new String(relu, StandardCharsets.ISO_8859_1).replace("Relu", "Sqrt");
    Path file = store.folder().resolve("sqrt.onnx");
    Files.write(file, graph.getBytes(StandardCharsets.ISO_8859_1));
    String tensor = "{\"name\":\"%s\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[%s]}";
    String golden =
        Rows.file(
            "",
            "{\"inputs\":[%s],\"outputs\":[%s],\"tolerance\":1e300}"
                .formatted(tensor.formatted("x", x), tensor.formatted("y", y)));
    return store.add("sqrt", "1.0.0", file, "", golden);
  }

  @Test
  void refusesNaNInItsOwnWordsHoweverWideTheTolerance() throws Exception {
    assertThat(refusal(squareRoot("4,9,-1,16", "2,3,1,4")))
        .isEqualTo(
            "1 of 1 golden rows failed; row 1 alone: output y, element 2: expected 1.0, got NaN,"
                + " which is no finite number");
    assertThat(store.report().path("faults").path(0).path("got").asText()).isEqualTo("NaN");
  }

  @Test
  void refusesAModelThatIsSlowerThanItsBudgetWithBothValues() throws Exception {
    String golden = rows.golden(0, 1).replaceFirst("\\{", "{\"latency_ms_max\":0.000001,");
    ModelVersion slow = digits("1.1.0", golden);
    assertThat(refusal(slow))
        .matches("2 of 2 golden rows failed; row 1 alone: median of .* ms, budget 0.000 ms");
    assertThat(store.report().path("faults").path(0).path("latency_ms_max").asDouble())
        .isEqualTo(0.000001);
  }

  @Test
  void aRowsOwnBudgetGoesBeforeThePackages() throws Exception {
    String golden =
        Rows.file(
            "\"latency_ms_max\":0.000001,",
            rows.row(0, "\"outputs\":[" + Rows.label(3) + "],\"latency_ms_max\":60000"));
    assertThat(accepted(digits("1.1.0", golden)).path("accepted").asBoolean()).isTrue();
  }

  @Test
  void whatWasAcceptedHereOnceIsNotRefusedForTheTimeItTakesWhenItComesBack() throws Exception {
    String golden = rows.golden(0).replaceFirst("\\{", "{\"latency_ms_max\":0.000001,");
    ModelVersion slow = digits("1.1.0", golden);
    store.records().write(slow, Instant.now(), true, "{}");
    assertThat(accepted(slow).path("accepted").asBoolean()).isTrue();
  }

  private String labelled() {
    String[] all = new String[101];
    all[0] = rows.row(2, "\"outputs\":[" + Rows.label(rows.digit(2)) + "]");
    for (int row = 0; row < 100; row++) {
      all[row + 1] = rows.labelled(row);
    }
    return Rows.file("", all);
  }

  @Test
  void refusesWhatIsLessAccurateThanWhatServesWithBothFigures() throws Exception {
    ModelVersion good = digits("1.1.0", rows.golden(0));
    ModelVersion broken = digits("1.0.0", labelled());
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(good))).isInstanceOf(Applied.class);
      assertThat(refusal(server, broken))
          .matches(
              "it is less accurate than 1.1.0: 93 of 100 labels right \\(0.930\\),"
                  + " against 99 \\(0.990\\)");
      assertThat(server.find("digits", Optional.empty()).orElseThrow().model()).isEqualTo(good);
      assertThat(server.stats().getFirst().requests()).isZero();
    }
    JsonNode accuracy = store.report().path("accuracy");
    assertThat(accuracy.path("right").asInt()).isLessThan(accuracy.path("right_against").asInt());
    assertThat(accuracy.path("against").asText()).isEqualTo("1.1.0");
  }

  @Test
  void comparesWithTheRoutedVersionAlsoWhereAnotherProcessServesIt() throws Exception {
    ModelVersion good = digits("1.1.0", rows.golden(0));
    accepted(good);
    assertThat(refusal(digits("1.0.0", labelled()))).contains("less accurate than 1.1.0");
  }

  @Test
  void aRowThatKillsTheVersionItIsComparedWithCostsItsCallersNothing() throws Exception {
    Path graph = StoreFixture.resource("divide.onnx");
    ModelVersion divide = store.add("divide", "1.0.0", graph, "", Rows.DIVIDE);
    String sum = Files.readString(graph, StandardCharsets.ISO_8859_1).replace("Div", "Add");
    Path other = store.folder().resolve("sum.onnx");
    Files.writeString(other, sum, StandardCharsets.ISO_8859_1);
    String fatal =
        Rows.quotient(Long.MIN_VALUE, -1, Long.MAX_VALUE).replace("\"outputs\":[", "\"label\":");
    String golden =
        Rows.file("", Rows.quotient(7, 2, 9), fatal.substring(0, fatal.length() - 2) + "}");
    ModelVersion adds = store.add("divide", "2.0.0", other, "", golden);
    ModelVersion bad = digits("1.2.0-broken-scale", rows.golden(TEN));
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(divide))).isInstanceOf(Applied.class);
      ModelStatus before = server.models().getFirst();
      assertThat(refusal(server, adds, bad)).contains("6 of 10 golden rows failed");
      ModelStatus after = server.models().getFirst();
      assertThat(after.model()).isEqualTo(divide);
      assertThat(after.pid()).isEqualTo(before.pid());
      assertThat(after.restarts()).isZero();
    }
    List<String> reports = store.records().newest(2);
    assertThat(reports.getLast())
        .contains("\"accepted\":true", "\"not_compared\":\"no answer: it crashed with SIGFPE\"");
  }

  @Test
  void aLessAccurateVersionThatServedBeforeMayComeBack() throws Exception {
    ModelVersion old = digits("1.0.0", labelled());
    ModelVersion update = digits("1.1.0", labelled());
    try (ModelServer server = store.server()) {
      assertThat(server.apply(store.deployment(old))).isInstanceOf(Applied.class);
      assertThat(server.apply(store.deployment(update))).isInstanceOf(Applied.class);
      assertThat(store.report().path("accuracy").path("against").asText()).isEqualTo("1.0.0");
      assertThat(server.apply(store.deployment(old))).isInstanceOf(Applied.class);
    }
  }

  @Test
  void aModelWithAnotherSignatureIsNotComparedAndThatIsSaid() throws Exception {
    ModelVersion divide =
        store.add("digits", "0.9.0", StoreFixture.resource("divide.onnx"), "", Rows.DIVIDE);
    accepted(divide);
    JsonNode report = accepted(digits("1.0.0", labelled()));
    assertThat(report.path("accuracy").path("not_compared").asText()).contains("no such output");
    assertThat(report.path("accuracy").path("right").asInt()).isGreaterThan(75);
  }
}
