package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of OpenAI's embeddings meet; all-MiniLM-L6-v2 answers them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiTest {
  private static final int DIMENSIONS = 384;

  private RunningAppliance appliance;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.addMiniLm("minilm");
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

  private HttpResponse<String> post(String body) throws Exception {
    return appliance.post(appliance.inference("/v1/embeddings"), body.replace('`', '"'));
  }

  private JsonNode embed(String more) throws Exception {
    HttpResponse<String> answer = post("{`model`: `minilm`, " + more + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer.body());
  }

  @Test
  void aTextAndAListOfTextsAreEmbedded() throws Exception {
    JsonNode one = embed("`input`: `hello world`");
    assertThat(one.path("object").asText()).isEqualTo("list");
    assertThat(one.path("model").asText()).isEqualTo("minilm");
    assertThat(one.at("/usage/total_tokens").asInt()).isEqualTo(4);
    JsonNode two = embed("`input`: [`a long way`, `hello world`], `user`: `u`, `dimensions`: null");
    assertThat(two.path("data")).hasSize(2);
    assertThat(two.at("/data/1/index").asInt()).isEqualTo(1);
    assertThat(two.at("/data/1/embedding")).hasSize(DIMENSIONS);
    assertThat(two.at("/data/1/embedding")).isEqualTo(one.at("/data/0/embedding"));
  }

  @Test
  void base64IsTheSameVectorAsLittleEndianFloats() throws Exception {
    JsonNode floats = embed("`input`: `hello world`").at("/data/0/embedding");
    JsonNode text = embed("`input`: `hello world`, `encoding_format`: `base64`");
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(text.at("/data/0/embedding").asText()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(DIMENSIONS * Float.BYTES);
    for (JsonNode value : floats) {
      assertThat(bytes.getFloat()).isEqualTo((float) value.asDouble(), within(1e-9f));
    }
  }

  @Test
  void theModelsOwnTokensAreTheSameText() throws Exception {
    JsonNode text = embed("`input`: `hello world`").at("/data/0/embedding");
    for (String tokens : new String[] {"[101, 7592, 2088, 102]", "[[101, 7592, 2088, 102]]"}) {
      JsonNode same = embed("`input`: " + tokens);
      assertThat(same.at("/data/0/embedding")).isEqualTo(text);
      assertThat(same.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
    }
    HttpResponse<String> foreign = post("{`model`: `minilm`, `input`: [15339, 99999]}");
    assertThat(foreign.statusCode()).isEqualTo(400);
    assertThat(foreign.body()).contains("token 99999", "0 to 30521");
  }

  @Test
  void moreTextsThanOneRunTakesAreAnsweredInTheirOrder() throws Exception {
    String texts =
        String.join(
            ",",
            IntStream.range(0, 300).mapToObj(i -> i == 299 ? "`hello world`" : "`x`").toList());
    JsonNode all = embed("`input`: [" + texts + "]").path("data");
    assertThat(all).hasSize(300);
    assertThat(all.path(299).path("index").asInt()).isEqualTo(299);
    assertThat(all.path(299).path("embedding"))
        .isEqualTo(embed("`input`: `hello world`").at("/data/0/embedding"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{`input`: `a`}|model|text model",
        "{`model`: `minilm`}|input|a text",
        "{`model`: `minilm`, `input`: []}|input|list of 0",
        "{`model`: `minilm`, `input`: ``}|empty|text",
        "{`model`: `minilm`, `input`: [`a`, 1]}|neither|token ids",
        "{`model`: `minilm`, `input`: [1.5]}|1.5|whole number",
        "{`model`: `minilm`, `input`: [{},{},{}]}|neither|token ids",
        "{`model`: `minilm`, `input`: {}}|input|an object",
        "{`model`: `minilm`, `input`: [[]]}|neither|token ids",
        "{`model`: `minilm`, `input`: `ok \\ud83d`}|half of a surrogate pair|line 1",
        "{`model`: `minilm`, `input`: `a`, `dimensions`: 0}|dimensions|0",
        "{`model`: `minilm`, `input`: `a`, `dimensions`: 64}|384|64",
        "{`model`: `minilm`, `input`: `a`, `encoding_format`: `hex`}|base64|hex",
        "{`model`: `minilm`, `input`: `a`, `echo`: true}|echo|known",
        "{`model`: `echo`, `input`: `a`}|echo|no embeddings"
      })
  void whatIsNoRequestForEmbeddingsIsRefusedInOpenAisForm(String body, String first, String second)
      throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    JsonNode error = json(answer.body()).path("error");
    assertThat(error.path("message").asText()).contains(first, second);
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
  }

  @Test
  void modelsAreListedAndUnknownOnesAndTokensAreToldInOpenAisForm() throws Exception {
    JsonNode list = json(appliance.get(appliance.inference("/v1/models")).body());
    assertThat(list.at("/data/0/id").asText()).isEqualTo("minilm");
    assertThat(list.at("/data/0/created").asLong()).isPositive();
    JsonNode one = json(appliance.get(appliance.inference("/v1/models/minilm")).body());
    assertThat(one.path("object").asText()).isEqualTo("model");
    HttpResponse<String> unknown = post("{`model`: `gpt`, `input`: `a`}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown.body()).at("/error/code").asText()).isEqualTo("model_not_found");
    HttpResponse<String> nobody =
        appliance.send(appliance.request(appliance.inference("/v1/models")));
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(json(nobody.body()).at("/error/code").asText()).isEqualTo("invalid_api_key");
  }

  @Test
  void whatOpenAiHasAndWeHaveNotIsRefusedInItsForm() throws Exception {
    for (String path : new String[] {"/v1/chat/completions", "/v1/completions", "/v1/files"}) {
      HttpResponse<String> answer = appliance.post(appliance.inference(path), "{}");
      assertThat(answer.statusCode()).isEqualTo(404);
      JsonNode error = json(answer.body()).path("error");
      assertThat(error.path("code").asText()).isEqualTo("unknown_url");
      assertThat(error.path("message").asText()).contains("POST " + path);
    }
  }
}
