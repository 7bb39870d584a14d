package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of TensorFlow Serving meet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorFlowTest {
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
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.add("divide", "1.0.0", "divide.onnx", ModelRows.DIVIDE);
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
    return json(appliance.get(appliance.inference("/v1/models/" + path)).body());
  }

  private JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> answer =
        appliance.post(appliance.inference("/v1/models/" + path), body.replace('`', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer.body());
  }

  @Test
  void aModelHasAStatusAndMetadata() throws Exception {
    assertThat(get("digits").path("ready").asBoolean()).isTrue();
    for (String path : new String[] {"digits", "digits/versions/1.1.0"}) {
      JsonNode version = get(path).path("model_version_status").path(0);
      assertThat(version.path("state").asText()).isEqualTo("AVAILABLE");
      assertThat(version.path("version").asText()).isEqualTo("1.1.0");
      assertThat(version.path("status").path("error_code").asText()).isEqualTo("OK");
    }
    JsonNode pixelsOf =
        get("digits/metadata")
            .at("/metadata/signature_def/signature_def/serving_default/inputs/pixels");
    assertThat(pixelsOf.path("dtype").asText()).isEqualTo("DT_FLOAT");
    assertThat(pixelsOf.at("/tensor_shape/dim/1/size").asText()).isEqualTo("64");
  }

  @Test
  void rowsAndColumnsAreAnsweredAsTheyWereAsked() throws Exception {
    String two = "[" + pixels + "," + pixels + "]";
    JsonNode rows = post("digits:predict", "{`instances`: %s}".formatted(two)).path("predictions");
    assertThat(rows).hasSize(2);
    assertThat(rows.path(1).path("label").asLong()).isEqualTo(digit);
    assertThat(rows.path(1).path("probabilities")).hasSize(10);
    String named =
        "{`signature_name`: `serving_default`, `instances`: [{`pixels`: " + pixels + "}]}";
    assertThat(post("digits/versions/1.1.0:predict", named).at("/predictions/0"))
        .isEqualTo(rows.path(1));
    String unnamed = "{`signature_name`: ``, `instances`: %s}".formatted(two);
    assertThat(post("digits:predict", unnamed).path("predictions")).isEqualTo(rows);
    for (String inputs : new String[] {two, "{`pixels`: " + two + "}"}) {
      JsonNode columns = post("digits:predict", "{`inputs`: %s}".formatted(inputs)).path("outputs");
      assertThat(columns.path("label").toString()).isEqualTo("[" + digit + "," + digit + "]");
    }
    assertThat(post("divide:predict", "{`instances`: [{`a`: 9, `b`: 3}, {`a`: 8, `b`: 2}]}"))
        .isEqualTo(json("{\"predictions\": [3, 4]}"));
  }

  @Test
  void textsAndBytesAreRead() throws Exception {
    assertThat(post("echo:predict", "{`instances`: [`Grüße`, {`b64`: `YQ==`}]}").toString())
        .isEqualTo("{\"predictions\":[\"Grüße\",\"a\"]}");
    assertThat(post("echo:predict", "{`inputs`: {`in`: [`x`]}}").toString())
        .isEqualTo("{\"outputs\":[\"x\"]}");
  }

  @Test
  void anExampleIsClassified() throws Exception {
    JsonNode results =
        post("digits:classify", "{`examples`: [{`pixels`: %s}]}".formatted(pixels)).path("results");
    JsonNode best = results.path(0).path((int) digit);
    assertThat(best.path(0).asText()).isEqualTo(String.valueOf(digit));
    assertThat(best.path(1).asDouble()).isCloseTo(1, within(0.5));
    String shared = "{`examples`: [{}], `context`: {`pixels`: %s}}".formatted(pixels);
    assertThat(post("digits:classify", shared).path("results")).isEqualTo(results);
  }

  @Test
  void aContextThatBecomesMoreThanMemoryHoldsIsRefused() throws Exception {
    String body =
        "{`context`: {`pixels`: %s}, `examples`: [{}%s]}"
            .formatted(pixels, ",{}".repeat(300_000))
            .replace('`', '"');
    HttpResponse<String> answer =
        appliance.post(appliance.inference("/v1/models/digits:classify"), body);
    assertThat(answer.statusCode()).as(answer.body()).isIn(413, 503);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "digits:predict|{}|either|instances",
        "digits:predict|{`instances`: []}|at least one|instances",
        "digits:predict|{`instances`: [[1, 2], [3]]}|unevenly|pixels",
        "digits:predict|{`instances`: [[1, `a`]]}|pixels|a number",
        "digits:predict|{`instances`: [[1, 2]]}|[-1,64]|[1,2]",
        "digits:predict|{`instances`: [{`pix`: [1]}]}|'pix'|pixels",
        "digits:predict|{`inputs`: [[1e400]]}|pixels|FP32",
        "digits:predict|{`instances`: [1], `inputs`: [1]}|either|inputs",
        "digits:predict|{`signature_name`: `other`, `inputs`: [1]}|other|serving_default",
        "digits:predict|{`inputs`: [1], `inputs`: [2]}|Duplicate|line 1",
        "digits:predict|[]|expected an object|an array",
        "divide:predict|{`instances`: [1]}|several inputs|[a, b]",
        "divide:predict|{`instances`: [{`a`: 1, `b`: 1}, {`a`: 1}]}|[a, b]|[a]",
        "echo:predict|{`instances`: [{`b64`: `?`}]}|base64|'in'",
        "digits:regress|{`examples`: [{`pixels`: [1]}]}|pixels|[1,1]",
        "echo:classify|{`examples`: [{`in`: `a`}]}|cannot classify|scores",
        "digits:predict|{`more`: 2}|more|known",
        "digits:predict|{`instances`: 1}|instances|list",
        "digits:predict|{`instances`: [{`pixels`: [1]}, [1]]}|uneven|by name",
        "digits:predict|{`instances`: [[[1]], [1]]}|unevenly|pixels",
        "divide:predict|{`instances`: [{`a`: 1}, {`a`: 1, `b`: 1}]}|[a]|[b]",
        "digits:predict|{`signature_name`: 7, `inputs`: [1]}|text|7",
        "echo:predict|{`inputs`: [`ok \\ud83d`]}|half of a surrogate pair|'in'",
        "echo:predict|{`instances`: [{`b64`: `YQ==`, `x`: 1}]}|no other field|'in'",
        "digits:classify|{`context`: {}}|examples|line 1"
      })
  void whatIsNoPredictionIsRefusedWithBothValues(
      String path, String body, String first, String second) throws Exception {
    HttpResponse<String> answer =
        appliance.post(appliance.inference("/v1/models/" + path), body.replace('`', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(json(answer.body()).path("error").asText()).contains(first, second);
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    assertThat(get("cats").path("error").asText()).contains("cats");
    assertThat(get("digits/versions/7").path("error").asText()).contains("7");
    HttpResponse<String> method = appliance.get(appliance.inference("/v1/models/digits:predict"));
    assertThat(method.statusCode()).isEqualTo(405);
  }
}
