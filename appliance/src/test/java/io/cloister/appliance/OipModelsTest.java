package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the Open Inference Protocol v2 tells of models, and what a request may ask beside data. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OipModelsTest {
  private RunningAppliance appliance;
  private String pixels;
  private long digit;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    JsonNode first =
        json(Files.readString(InstalledRoot.MODELS.resolve("digits_golden.json")))
            .path("cases")
            .path(0);
    pixels = first.path("x").toString();
    digit = first.path("y").asLong();
    InstalledRoot root = new InstalledRoot(folder);
    root.add("digits", "1.0.0-9223372036854775807", "digits-1.1.0.onnx", ModelRows.digits());
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.deploy();
    appliance = new RunningAppliance(root).settled();
  }

  @AfterAll
  void stop() throws Exception {
    appliance.close();
  }

  private static JsonNode json(String text) throws Exception {
    return Documents.parseJson(text.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode get(String path) throws Exception {
    return json(appliance.get(appliance.inference("/v2" + path)).body());
  }

  private int asks(String path) throws Exception {
    return appliance.get(appliance.inference(path)).statusCode();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return appliance.post(appliance.inference("/v2" + path), body);
  }

  private String asking(String more) {
    return """
        {"inputs": [{"name": "pixels", "shape": [1, 64], "datatype": "FP32", "data": %s}]%s}"""
        .formatted(pixels, more);
  }

  @Test
  void aVersionIsATextHoweverMuchItLooksLikeANumber() throws Exception {
    String version = "1.0.0-9223372036854775807";
    assertThat(get("/models/digits").path("versions").path(0).textValue()).isEqualTo(version);
    var answer = post("/models/digits/versions/" + version + "/infer", asking(""));
    assertThat(json(answer.body()).path("model_version").textValue()).isEqualTo(version);
  }

  @Test
  void theServerNamesTheExtensionsItHas() throws Exception {
    assertThat(get("").path("extensions").toString())
        .contains("binary_tensor_data", "classification", "model_repository", "statistics");
  }

  @Test
  void metadataSaysHowRequestsAreBatched() throws Exception {
    JsonNode told = get("/models/digits").path("parameters");
    assertThat(told.path("batching").asText()).isEqualTo("independent");
    assertThat(told.path("batching_across_callers").asBoolean(true)).isFalse();
    JsonNode config = get("/models/digits/config");
    assertThat(config.path("input").path(0).path("data_type").asText()).isEqualTo("TYPE_FP32");
    assertThat(config.path("max_batch_size").asInt(-1)).isZero();
  }

  @Test
  void statisticsCountWhatWasAnswered() throws Exception {
    long before = answered(get("/models/digits/stats"));
    assertThat(post("/models/digits/infer", asking("")).statusCode()).isEqualTo(200);
    assertThat(answered(get("/models/digits/stats"))).isEqualTo(before + 1);
    assertThat(get("/models/stats").path("model_stats")).hasSize(2);
    assertThat(get("/models/cats/stats").path("error").asText()).contains("cats");
  }

  private static long answered(JsonNode stats) {
    JsonNode digits = stats.path("model_stats").path(0);
    assertThat(digits.path("name").asText()).isEqualTo("digits");
    return digits.path("inference_stats").path("success").path("count").asLong();
  }

  @Test
  void classesAreTheHighestValuesWithTheirPlaces() throws Exception {
    String outputs =
        ", \"outputs\": [{\"name\": \"probabilities\", \"parameters\": {\"classification\": 3}}]";
    JsonNode output =
        json(post("/models/digits/infer", asking(outputs)).body()).path("outputs").path(0);
    assertThat(output.path("shape").toString()).isEqualTo("[1,3]");
    assertThat(output.path("datatype").asText()).isEqualTo("BYTES");
    assertThat(output.path("data").path(0).asText()).matches("[01]\\.\\d{6}:" + digit);
    String echo =
        """
        {"inputs": [{"name": "in", "shape": [1], "datatype": "BYTES", "data": ["x"]}],
         "outputs": [{"name": "out", "parameters": {"classification": 1}}]}""";
    var refused = post("/models/echo/infer", echo);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("only numbers have classes");
  }

  @Test
  void aTimeoutInMicrosecondsIsKept() throws Exception {
    var late = post("/models/digits/infer", asking(", \"parameters\": {\"timeout\": 1}"));
    assertThat(late.statusCode()).as(late.body()).isEqualTo(504);
    for (String fine :
        new String[] {
          "\"timeout\": 0",
          "\"timeout\": 9223372036854775807",
          "\"priority\": 1",
          "\"lang\": [\"de\"]"
        }) {
      var answer = post("/models/digits/infer", asking(", \"parameters\": {" + fine + "}"));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
    for (String wrong :
        new String[] {"\"timeout\": -1", "\"priority\": 10", "\"timeout\": \"1\""}) {
      var answer = post("/models/digits/infer", asking(", \"parameters\": {" + wrong + "}"));
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void aModelIsUnloadedAndLoadedAgainAndTheIndexTellsOfIt() throws Exception {
    assertThat(post("/repository/models/echo/unload", "").statusCode()).isEqualTo(200);
    JsonNode all = json(post("/repository/index", "{}").body());
    assertThat(all).hasSize(2);
    assertThat(all.toString()).contains("\"state\":\"UNAVAILABLE\",\"reason\":\"it was unloaded");
    assertThat(json(post("/repository/index", "{\"ready\": true}").body())).hasSize(1);
    var asked = post("/models/echo/infer", "{\"inputs\": []}");
    assertThat(asked.statusCode()).isEqualTo(503);
    assertThat(asked.body()).contains("unloaded");
    assertThat(asks("/v2/models/echo")).isEqualTo(503);
    assertThat(asks("/v1/models/echo/metadata")).isEqualTo(503);
    assertThat(asks("/v2/models/echo/ready")).isEqualTo(400);
    assertThat(asks("/v2/models/cats/ready")).isEqualTo(404);
    assertThat(get("/health/ready").path("ready").asBoolean()).isTrue();
    assertThat(post("/repository/models/echo/load", "").statusCode()).isEqualTo(200);
    assertThat(post("/models/echo/infer", "{\"inputs\": []}").body()).contains("'in' is missing");
  }

  @Test
  void nothingUnsignedIsLoaded() throws Exception {
    String config = "{\"parameters\": {\"config\": \"{}\"}}";
    var answer = post("/repository/models/echo/load", config);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("signed package");
    assertThat(post("/repository/models/cats/load", "").statusCode()).isEqualTo(404);
  }

  @Test
  void answersNeverMixBetweenCallers() throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> mixed = new ArrayList<>();
      for (int caller = 0; caller < 32; caller++) {
        String mine = "caller " + caller;
        mixed.add(callers.submit(() -> askInTurns(mine)));
      }
      for (Future<String> each : mixed) {
        assertThat(each.get()).isEmpty();
      }
    }
  }

  /** What another caller's answer said to this one; empty if none did. */
  private String askInTurns(String caller) throws Exception {
    for (int i = 0; i < 20; i++) {
      String mine = caller + " request " + i;
      String body =
          """
          {"id": "%s", "inputs": [{"name": "in", "shape": [1], "datatype": "BYTES", "data": ["%s"]}]}"""
              .formatted(mine, mine);
      var answer = post("/models/echo/infer", body);
      JsonNode told = json(answer.body());
      boolean own =
          told.path("id").asText().equals(mine)
              && told.path("model_version").asText().equals("1.0.0")
              && told.path("outputs").path(0).path("data").path(0).asText().equals(mine);
      if (!own) {
        return mine + " got " + answer.body();
      }
    }
    return "";
  }
}
