package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DynamicMessage;
import io.cloister.appliance.config.Documents;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of requests from outside: the metrics and the access log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObserveTest {
  private static final Path TOLD = Path.of("../docs/reference/metrics.md");
  private static final Pattern SAMPLE =
      Pattern.compile("[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.E+-]+");
  private static final String ECHO =
      """
      {"inputs": [{"name": "in", "shape": [2], "datatype": "BYTES", "data": ["secret", "words"]}]}""";

  private RunningAppliance appliance;
  private Path log;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.add("loop", "1.0.0", "loop.onnx", ModelRows.LOOP);
    root.deploy();
    appliance = new RunningAppliance(root).settled();
    log = root.folders().accessLog().resolve("requests.0.0.log");
  }

  @AfterAll
  void stop() throws Exception {
    appliance.close();
  }

  private JsonNode line(String requestId) throws Exception {
    String wanted = "\"request_id\":\"" + requestId + "\"";
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < deadline) {
      for (String line : Files.readAllLines(log)) {
        if (line.contains(wanted)) {
          return Documents.parseJson(line.getBytes(StandardCharsets.UTF_8));
        }
      }
      Thread.sleep(10);
    }
    throw new AssertionError("no line has " + wanted);
  }

  private void ask(String id, String path, String body) throws Exception {
    appliance.send(
        appliance
            .request(appliance.inference(path))
            .header("Authorization", "Bearer " + appliance.token())
            .header("X-Request-Id", id)
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void eachRequestHasALineWithoutWhatWasInIt() throws Exception {
    ask("seen", "/v2/models/echo/infer", ECHO);
    JsonNode seen = line("seen");
    assertThat(seen.path("model").asText()).isEqualTo("echo");
    assertThat(seen.path("version").asText()).isEqualTo("1.0.0");
    assertThat(seen.path("inputs").toString()).isEqualTo("{\"in\":[2]}");
    assertThat(seen.path("outcome").asText()).isEqualTo("ok");
    assertThat(seen.path("status").asInt()).isEqualTo(200);
    assertThat(seen.path("account").asText()).isNotEmpty();
    assertThat(seen.path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(seen.path("parent_id").asText()).isEqualTo("00f067aa0ba902b7");
    assertThat(Files.readString(log)).doesNotContain("secret").doesNotContain(appliance.token());
  }

  @Test
  void aRefusedRequestSaysAsWhatItIsCounted() throws Exception {
    ask("odd", "/v2/models/echo/versions/9.9.9/infer", ECHO);
    assertThat(line("odd").path("outcome").asText()).isEqualTo("unknown_model");
    assertThat(line("odd").path("version").asText()).isEqualTo("9.9.9");
  }

  @Test
  void whatACallerNamesMakesNoLongLine() throws Exception {
    String name = "é".repeat(990);
    String inputs =
        IntStream.range(0, 1_024)
            .mapToObj(
                i ->
                    "{\"name\":\"%d%s\",\"datatype\":\"BOOL\",\"shape\":[0],\"data\":[]}"
                        .formatted(i, name))
            .collect(Collectors.joining(","));
    ask("long", "/v2/models/nosuch/infer", "{\"inputs\":[" + inputs + "]}");
    assertThat(line("long").path("inputs").size()).isEqualTo(16);
    try (GrpcCaller caller = new GrpcCaller(appliance, Optional.of(appliance.token()))) {
      refused(
          caller, "model_name: \"%1$s\" model_version: \"%1$s\"".formatted("m".repeat(1 << 20)));
    }
    appliance.awaitLog("/ModelInfer");
    assertThat(appliance.log().lines().mapToInt(String::length).max().orElseThrow())
        .isLessThan(32 << 10);
  }

  @Test
  void moreTensorsThanARequestMayHaveAreRefused() throws Exception {
    String input = "{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[0],\"data\":[]},";
    for (String body :
        List.of(
            "{\"inputs\":[" + input.repeat(1_025) + "0]}",
            "{\"outputs\":[" + "{\"name\":\"x\"},".repeat(1_025) + "0]}")) {
      var answer = appliance.infer("echo", body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("at most 1024 tensors");
    }
  }

  @Test
  void namesThatTurnATerminalsTextAroundAreEscaped() throws Exception {
    ask("turned", "/v2/models/a%E2%80%AEb%1B%5B2J%0A/infer", ECHO);
    line("turned");
    assertThat(Files.readString(log)).doesNotContain("\u202E").doesNotContain("\u001B");
    assertThat(appliance.log()).doesNotContain("\u202E").doesNotContain("\u001B");
  }

  @Test
  void everyMetricIsWellFormedAndToldAndEveryToldOneIsThere() throws Exception {
    ask("counted", "/v2/models/echo/infer", ECHO);
    ask("failed", "/v2/models/echo/infer", "{\"inputs\": []}");
    String text = appliance.get(appliance.console("/metrics")).body();
    assertThat(text.lines().filter(line -> !line.startsWith("#"))).allMatch(this::isSample);
    Set<String> told = names(Files.readString(TOLD), "^\\| `([a-z_]+)` \\| (?:counter|gauge|hist)");
    assertThat(names(text, "^# TYPE ([a-z_]+) ")).isEqualTo(told);
    assertThat(text)
        .contains(
            "nv_inference_request_failure{model=\"echo\",version=\"1.0.0\",reason=\"OTHER\"} ",
            "cloister_model_ready{model=\"echo\",version=\"1.0.0\"} 1\n")
        .containsPattern("nv_inference_exec_count\\{[^}]+} [1-9]")
        .containsPattern("nv_inference_compute_infer_duration_us\\{[^}]+} [1-9]")
        .containsPattern("cloister_worker_resident_memory_bytes\\{[^}]+} [1-9]");
  }

  @Test
  void aCallerWhoLeavesIsCountedAsTritonCountsOne() throws Exception {
    String counted = "nv_inference_request_failure{model=\"loop\",version=\"1.0.0\",reason=\"";
    String spinning =
        """
        model_name: "loop"
        inputs { name: "trips" datatype: "INT64" contents { int64_contents: 300000 } }
        inputs { name: "start" datatype: "INT64" contents { int64_contents: 0 } }""";
    String text = "";
    try (GrpcCaller caller = new GrpcCaller(appliance, Optional.of(appliance.token()))) {
      for (int i = 0; i < 20 && !text.contains(counted + "CANCELED\"} 1"); i++) {
        var context = Context.current().withCancellation();
        Thread asking = Thread.ofVirtual().start(context.wrap(() -> refused(caller, spinning)));
        Thread.sleep(300);
        context.cancel(null);
        asking.join();
        text = appliance.get(appliance.console("/metrics")).body();
      }
    }
    assertThat(text).contains(counted + "CANCELED\"} 1", counted + "OTHER\"} 0");
  }

  private static void refused(GrpcCaller caller, String request) {
    assertThatThrownBy(() -> caller.call("ModelInfer", request))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void aMessageOfAStreamThatIsMalformedIsNotToldAsTheOneBefore() throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    String words =
        """
        model_name: "echo" id: "%s" inputs { name: "in" datatype: "BYTES" shape: [1] }
        raw_input_contents: "\\001\\000\\000\\000x" %s""";
    try (GrpcCaller caller = new GrpcCaller(appliance, Optional.of(appliance.token()))) {
      StreamObserver<DynamicMessage> requests = caller.stream(new Ended(ended));
      var type = GrpcCaller.request("ModelStreamInfer");
      requests.onNext(GrpcCaller.message(type, words.formatted("good", "")));
      requests.onNext(GrpcCaller.message(type, words.formatted("bad", "raw_input_contents: \"\"")));
      requests.onCompleted();
      ended.get(60, TimeUnit.SECONDS);
    }
    List<JsonNode> lines = List.of();
    for (int i = 0; i < 500 && lines.size() < 2; i++) {
      Thread.sleep(20);
      lines = streamed();
    }
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().path("outcome").asText()).isEqualTo("ok");
    assertThat(lines.get(1).path("status").asInt()).isEqualTo(400);
    assertThat(lines.get(1).has("model")).isFalse();
    assertThat(lines.get(1).has("outcome")).isFalse();
  }

  private List<JsonNode> streamed() throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      if (line.contains("/ModelStreamInfer")) {
        found.add(Documents.parseJson(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return found;
  }

  private record Ended(CompletableFuture<Void> told) implements StreamObserver<DynamicMessage> {
    @Override
    public void onNext(DynamicMessage answer) {}

    @Override
    public void onError(Throwable e) {
      told.completeExceptionally(e);
    }

    @Override
    public void onCompleted() {
      told.complete(null);
    }
  }

  private boolean isSample(String line) {
    return SAMPLE.matcher(line).matches();
  }

  private static Set<String> names(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
