package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
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

/** What an application developer meets on the inference listener; one real model for all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OipTest {
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
    root.settings("65536", 64, 30);
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
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

  private String body(String data) {
    return """
        {"id": "q7", "inputs": [{"name": "pixels", "shape": [1, 64], "datatype": "FP32",
          "data": %s}]}"""
        .formatted(data);
  }

  private void refused(HttpResponse<String> answer, int status, String... words) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer.body()).path("error").asText())
        .contains(words)
        .doesNotContain("Source:");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void healthNeedsNoTokenAndAllElseDoes() throws Exception {
    for (String health : new String[] {"/v2/health/live", "/v2/health/ready"}) {
      var answer = appliance.send(appliance.request(appliance.inference(health)));
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    for (String path : new String[] {"/v2", "/v2/models/digits", "/anything"}) {
      var answer = appliance.send(appliance.request(appliance.inference(path)));
      refused(answer, 401, "no token was sent", "Authorization: Bearer clst_");
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @Test
  void aWrongTokenIsRefusedAndNeverLogged() throws Exception {
    String wrong = "clst_thisIsNotTheToken";
    var answer =
        appliance.send(
            appliance
                .request(appliance.inference("/v2"))
                .header("Authorization", "Bearer " + wrong));
    refused(answer, 401, "does not know the token");
    var basic =
        appliance.request(appliance.inference("/v2")).header("Authorization", "Basic " + wrong);
    refused(appliance.send(basic), 401, "has no token of the kind Bearer");
    appliance.awaitLog("\"status\":401");
    assertThat(appliance.log()).doesNotContain(wrong).doesNotContain(appliance.token());
  }

  @Test
  void metadataNamesTheSignature() throws Exception {
    assertThat(json(appliance.get(appliance.inference("/v2")).body()).path("name").asText())
        .isEqualTo("cloister");
    JsonNode model = json(appliance.get(appliance.inference("/v2/models/digits")).body());
    assertThat(model.path("versions").path(0).asText()).isEqualTo("1.1.0");
    assertThat(model.path("inputs").toString())
        .isEqualTo("[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[-1,64]}]");
    var ready = appliance.get(appliance.inference("/v2/models/digits/versions/1.1.0/ready"));
    assertThat(ready.body()).isEqualTo("{\"name\":\"digits\",\"ready\":true}");
  }

  @Test
  void aDigitIsRecognisedFromFlatNestedAndEarlyData() throws Exception {
    String early =
        "{\"inputs\":[{\"data\":["
            + pixels
            + "],\"shape\":[1,64],\"datatype\":\"FP32\","
            + "\"name\":\"pixels\"}],\"outputs\":[{\"name\":\"label\"}]}";
    for (String body : new String[] {body(pixels), body("[" + pixels + "]"), early}) {
      var answer = appliance.infer("digits", body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode label = json(answer.body()).path("outputs").path(0);
      assertThat(label.path("name").asText()).isEqualTo("label");
      assertThat(label.path("data").path(0).asLong()).isEqualTo(digit);
    }
    assertThat(json(appliance.infer("digits", body(pixels)).body()).path("id").asText())
        .isEqualTo("q7");
    assertThat(json(appliance.infer("digits", early).body()).path("outputs")).hasSize(1);
  }

  @Test
  void whatKServesClientRepeatsOfThePathIsTaken() throws Exception {
    String named = body(pixels).replace("\"id\"", "\"model_name\":\"digits\",\"id\"");
    assertThat(appliance.infer("digits", named).statusCode()).isEqualTo(200);
    String version = named.replace("\"id\"", "\"model_version\":\"1.1.0\",\"id\"");
    assertThat(appliance.infer("digits", version).statusCode()).isEqualTo(200);
    refused(appliance.infer("digits", version.replace("1.1.0", "7")), 404, "7", "digits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{`inputs`:[}|line 1|column 12",
        "{|line 1|column 2",
        "{`inputs`:[],`inputs`:[]}|Duplicate|line 1",
        "{`inputs`:[]} x|line 1|not the JSON",
        "{`inputs`:[]} {}|goes on after its end|line 1",
        "|empty|inputs",
        "[]|expected an object|got an array",
        "{`input`:[]}|`input`|known: id, model_name",
        "{`inputs`:[],`model_name`:`cats`}|cats|digits",
        "{}|no `inputs`|line 1",
        "{`inputs`:[{`name`:`pixels`,`datatype`:`FP32`,`shape`:[1,64],`data`:[NaN]}]}|NaN|line 1",
        "{`inputs`:[{`name`:`pixels`,`datatype`:`FP31`,`shape`:[1],`data`:[1]}]}|FP31|FP32",
        "{`inputs`:[{`name`:`pixels`,`datatype`:`FP32`,`shape`:[1,64],`data`:[1,2]}]}|64|2",
        "{`inputs`:[{`name`:`pixels`,`datatype`:`FP32`,`shape`:[-1],`data`:[]}]}|at least 0|-1",
        "{`inputs`:[{`name`:`x`,`datatype`:`UINT8`,`shape`:[1],`data`:[256]}]}|UINT8|256",
        "{`inputs`:[{`name`:`x`,`datatype`:`FP32`,`shape`:[1],`data`:[1e39]}]}|FP32|1e39",
        "{`inputs`:[{`name`:`x`,`datatype`:`FP32`,`shape`:[2,2],`data`:[[1,2,3],[4]]}]}|uneven|line",
        "{`inputs`:[{`name`:`x`,`datatype`:`FP32`,`shape`:[1,4],`data`:[[1,2],[3,4]]}]}|[1,4]|[2,2]",
        "{`inputs`:[]}|the input 'pixels' is missing|pixels",
        "{`inputs`:[{`name`:`pix`,`datatype`:`FP32`,`shape`:[1],`data`:[1]}]}|'pix'|pixels",
        "{`inputs`:[{`name`:`pixels`,`datatype`:`INT64`,`shape`:[1],`data`:[1]}]}|FP32|INT64",
        "{`inputs`:[{`name`:`pixels`,`datatype`:`FP32`,`shape`:[1,2],`data`:[1,2]}]}|[-1,64]|[1,2]"
      })
  void whatIsNotAQuestionToTheModelIsRefusedWithBothValues(String body, String first, String second)
      throws Exception {
    String sent = body == null ? "" : body.replace('`', '"');
    refused(
        appliance.infer("digits", sent), 400, first.replace('`', '"'), second.replace('`', '"'));
  }

  @Test
  void aNumberOfTenThousandDigitsIsRefused() throws Exception {
    refused(appliance.infer("digits", body("1".repeat(10_000))), 400, "1000");
  }

  @Test
  void aBodyWhoseEndIsInDoubtIsRefusedAndTheConnectionClosed() throws Exception {
    for (String framing :
        new String[] {
          "Content-Length: 2\r\nContent-Length: 40",
          "Content-Length: 2\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked"
        }) {
      String answers = appliance.raw("POST /v2/models/digits/infer HTTP/1.1", framing, "{}");
      assertThat(answers).startsWith("HTTP/1.1 400").containsOnlyOnce("HTTP/1.1");
    }
  }

  @Test
  void brokenChunksAreTheSendersFault() throws Exception {
    String answers =
        appliance.raw(
            "POST /v2/models/digits/infer HTTP/1.1", "Transfer-Encoding: chunked", "ZZ\r\n");
    assertThat(answers).startsWith("HTTP/1.1 400").contains("chunks").doesNotContain("live");
  }

  @Test
  void onlyAPostMayBringChunks() throws Exception {
    String answers =
        appliance.raw(
            "GET /v2/health/live HTTP/1.1", "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n");
    assertThat(answers).startsWith("HTTP/1.1 400").doesNotContain("true");
  }

  @Test
  void aSenderWhoLeavesWithinItsBodyIsNoDefectOfOurs() throws Exception {
    appliance.hangUp("POST /v2/models/digits/infer HTTP/1.1\r\nX-Request-Id: left", 100, "{\"in");
    appliance.awaitLog("\"request_id\":\"left\"");
    assertThat(appliance.log()).doesNotContain("ended in a defect");
  }

  @Test
  void textsThatAreNotUtf8AreRefusedAndNotChanged() throws Exception {
    for (byte[] bad :
        new byte[][] {{(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {-1}}) {
      byte[] body = body("?").getBytes(StandardCharsets.UTF_8);
      byte[] spoiled = new byte[body.length + bad.length];
      System.arraycopy(bad, 0, spoiled, 0, bad.length);
      System.arraycopy(body, 0, spoiled, bad.length, body.length);
      refused(appliance.infer("digits", spoiled), 400, "not UTF-8");
    }
    String half = body("[\"\\ud83d\"]").replace("FP32", "BYTES");
    refused(appliance.infer("digits", half), 400, "half of a surrogate pair", "line 2");
    refused(appliance.infer("digits", "\uFEFF" + body(pixels)), 400, "line 1");
  }

  @Test
  void namesThatWouldBeRepeatedHaveALimit() throws Exception {
    refused(appliance.infer("digits", body(pixels).replace("q7", "q".repeat(1001))), 400, "1000");
    String named = body(pixels).replace("pixels", "p".repeat(1001));
    refused(appliance.infer("digits", named), 400, "1000");
  }

  @Test
  void whatIsOnlyReadRefusesOtherMethodsAndHeadHasNoContent() throws Exception {
    var answer = appliance.post(appliance.inference("/v2/models/digits"), "{}");
    refused(answer, 405, "GET", "POST");
    assertThat(answer.headers().firstValue("Allow")).contains("GET");
    String head = appliance.raw("HEAD /v2/models/digits HTTP/1.1", "X-Nothing: 1", "");
    assertThat(head).startsWith("HTTP/1.1 405").contains("\"live\":true").doesNotContain("error");
  }

  @Test
  void everyAnswerIsCountedByItsStatusAndKeptByNoCache() throws Exception {
    var answer = appliance.send(appliance.request(appliance.inference("/v2")));
    refused(answer, 401, "no token");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(appliance.get(appliance.console("/metrics")).body())
        .contains("cloister_http_responses_total{listener=\"inference\",code=\"401\"}");
    assertThat(appliance.operator("{\"do\":\"metrics\"}")).contains("\"responses\":", "\"401\":");
  }

  @Test
  void anUnknownOutputModelVersionOrPathIsNamed() throws Exception {
    String output = body(pixels).replace("\"id\"", "\"outputs\":[{\"name\":\"odds\"}],\"id\"");
    refused(appliance.infer("digits", output), 400, "'odds'", "label");
    refused(appliance.infer("cats", body(pixels)), 404, "'cats'");
    refused(appliance.infer("digits/versions/9.9.9", body(pixels)), 404, "9.9.9", "digits");
    refused(appliance.get(appliance.inference("/v3/models")), 404, "/v3/models");
    refused(appliance.get(appliance.inference("/v2/models/digits/infer")), 405, "POST");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithTheLimitHoweverItIsSent() throws Exception {
    String body = body("[" + "0.123456,".repeat(10_000) + "1]");
    refused(appliance.infer("digits", body), 413, "65536");
    var chunked =
        appliance.send(
            appliance
                .request(appliance.inference("/v2/models/digits/infer"))
                .header("Authorization", "Bearer " + appliance.token())
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
    refused(chunked, 413, "65536");
    assertThat(appliance.infer("digits", body(pixels)).statusCode()).isEqualTo(200);
  }

  @Test
  void deepNestingEndsInAnAnswer() throws Exception {
    refused(appliance.infer("digits", body("[".repeat(20_000))), 400, "line");
  }

  @Test
  void aRequestKeepsTheIdItsCallerGaveIt() throws Exception {
    var answer =
        appliance.send(
            appliance
                .request(appliance.inference("/v2/health/live"))
                .header("X-Request-Id", "a-1"));
    assertThat(answer.headers().firstValue("X-Request-Id")).contains("a-1");
  }
}
