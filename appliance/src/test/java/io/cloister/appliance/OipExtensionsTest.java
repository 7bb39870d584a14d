package io.cloister.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Open Inference Protocol v2 has beside its JSON, as Triton's clients use it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OipExtensionsTest {
  private RunningAppliance appliance;
  private JsonNode digit;
  private byte[] pixels;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    digit =
        json(Files.readAllBytes(InstalledRoot.MODELS.resolve("digits_golden.json")))
            .path("cases")
            .path(0);
    ByteBuffer packed = little(64 * Float.BYTES);
    digit.path("x").forEach(pixel -> packed.putFloat((float) pixel.asDouble()));
    pixels = bytes(packed);
    InstalledRoot root = new InstalledRoot(folder);
    root.settings("65536", 64, 30);
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.deploy();
    appliance = new RunningAppliance(root).settled();
  }

  @AfterAll
  void stop() throws Exception {
    appliance.close();
  }

  private static JsonNode json(byte[] text) throws Exception {
    return Documents.parseJson(text);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(ByteBuffer full) {
    byte[] bytes = new byte[full.flip().remaining()];
    full.get(bytes);
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static String digits(int bytes, String more) {
    return """
        {"inputs": [{"name": "pixels", "shape": [1, 64], "datatype": "FP32",
          "parameters": {"binary_data_size": %d}}]%s}"""
        .formatted(bytes, more);
  }

  private HttpRequest.Builder asking(String model, byte[] body) {
    return appliance
        .request(appliance.inference("/v2/models/" + model + "/infer"))
        .header("Authorization", "Bearer " + appliance.token())
        .POST(BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<byte[]> ask(String model, String json, byte[]... tensors) throws Exception {
    byte[] head = json.getBytes(UTF_8);
    return appliance.sendForBytes(
        asking(model, join(head, join(tensors)))
            .header("Inference-Header-Content-Length", String.valueOf(head.length)));
  }

  /** The JSON of an answer with tensors behind it. */
  private static JsonNode head(HttpResponse<byte[]> answer) throws Exception {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    int length =
        (int) answer.headers().firstValueAsLong("Inference-Header-Content-Length").orElse(0);
    return json(length == 0 ? answer.body() : Arrays.copyOf(answer.body(), length));
  }

  private static ByteBuffer tail(HttpResponse<byte[]> answer) {
    int length =
        (int) answer.headers().firstValueAsLong("Inference-Header-Content-Length").orElse(0);
    return ByteBuffer.wrap(answer.body(), length, answer.body().length - length)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void refused(HttpResponse<byte[]> answer, int status, String... words) throws Exception {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(status);
    assertThat(json(answer.body()).path("error").asText()).contains(words);
  }

  @Test
  void aTensorBehindTheJsonIsAnsweredAsInTheJson() throws Exception {
    String flat = digit.path("x").toString();
    var asJson =
        appliance.infer(
            "digits",
            """
            {"inputs":[{"name":"pixels","shape":[1,64],"datatype":"FP32","data":%s}]}"""
                .formatted(flat));
    assertThat(head(ask("digits", digits(256, ""), pixels)))
        .isEqualTo(json(asJson.body().getBytes(UTF_8)));
  }

  @Test
  void outputsFollowTheJsonWhereTheyAreWantedSo() throws Exception {
    String one =
        ", \"outputs\": [{\"name\": \"label\", \"parameters\": {\"binary_data\": true}},"
            + " {\"name\": \"probabilities\"}]";
    var answer = ask("digits", digits(256, one), pixels);
    JsonNode label = head(answer).path("outputs").path(0);
    assertThat(label.path("parameters").path("binary_data_size").asInt()).isEqualTo(8);
    assertThat(label.has("data")).isFalse();
    assertThat(tail(answer).getLong()).isEqualTo(digit.path("y").asLong());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(head(answer).path("outputs").path(1).path("data")).hasSize(10);

    String all = ", \"parameters\": {\"binary_data_output\": true}";
    var every = ask("digits", digits(256, all), pixels);
    assertThat(tail(every).remaining()).isEqualTo(8 + 10 * Float.BYTES);
  }

  @Test
  void bytesAreLengthsAndContentInBothDirections() throws Exception {
    byte[] text = "Grüße".getBytes(UTF_8);
    byte[] element = little(4 + text.length).putInt(text.length).put(text).array();
    String asked =
        """
        {"parameters": {"binary_data_output": true}, "inputs": [{"name": "in", "shape": [2],
          "datatype": "BYTES", "parameters": {"binary_data_size": %d}}]}"""
            .formatted(2 * element.length);
    var answer = ask("echo", asked, element, element);
    byte[] back = new byte[2 * element.length];
    assertThat(head(answer).path("outputs").path(0).path("shape").path(0).asInt()).isEqualTo(2);
    tail(answer).get(back);
    assertThat(back).isEqualTo(join(element, element));
  }

  @Test
  void aBodyWithoutJsonIsTheOneInputOfItsModel() throws Exception {
    var answer = ask("digits", "", pixels, pixels);
    assertThat(head(answer).path("outputs").path(0).path("shape").path(0).asInt()).isEqualTo(2);
    refused(ask("digits", "", new byte[7]), 400, "7 bytes", "pixels", "[-1, 64]");
    assertThat(new String(ask("echo", "", "a file".getBytes(UTF_8)).body(), UTF_8))
        .endsWith("a file");
  }

  @ParameterizedTest
  @CsvSource({
    "255,256,255,",
    "256,255,the body ends within,",
    "256,257,goes on after,",
    "-1,0,from 0 to,-1",
    "99999999999,0,from 0 to,99999999999"
  })
  void aSizeThatIsNotWhatFollowsIsRefused(String said, int sent, String first, String second)
      throws Exception {
    String asked =
        digits(0, "").replace("\"binary_data_size\": 0", "\"binary_data_size\": " + said);
    refused(ask("digits", asked, new byte[sent]), 400, first, second == null ? "" : second);
  }

  @Test
  void whereTheJsonEndsMustBeSaidAndBeTrue() throws Exception {
    byte[] whole = join(digits(256, "").getBytes(UTF_8), pixels);
    refused(appliance.sendForBytes(asking("digits", whole)), 400, "not UTF-8");
    byte[] only = digits(256, "").getBytes(UTF_8);
    refused(appliance.sendForBytes(asking("digits", only)), 400, "Inference-Header-Content-Length");
    for (String wrong : new String[] {"-1", "12", "9999", "1e2", "99999999999999999999", "x"}) {
      var answer =
          appliance.sendForBytes(
              asking("digits", whole).header("Inference-Header-Content-Length", wrong));
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void bytesWhoseLengthsLieAreRefused() throws Exception {
    for (int[] lengths : new int[][] {{-1}, {3}, {1 << 30}, {0, 0}, {0, 0, 0}, {}}) {
      ByteBuffer data = little(lengths.length * 4);
      Arrays.stream(lengths).forEach(data::putInt);
      String asked =
          """
          {"inputs": [{"name": "in", "shape": [%d], "datatype": "BYTES",
            "parameters": {"binary_data_size": %d}}]}"""
              .formatted(lengths.length == 2 ? 1 : lengths.length + 1, data.capacity());
      refused(ask("echo", asked, bytes(data)), 400, "input 'in'");
    }
  }

  @Test
  void aBooleanIsZeroOrOneAndSharedMemoryIsNotSpoken() throws Exception {
    String bool =
        """
        {"inputs": [{"name": "x", "shape": [1], "datatype": "BOOL",
          "parameters": {"binary_data_size": 1}}]}""";
    refused(ask("digits", bool, new byte[] {2}), 400, "0 or 1", "2");
    String shared = digits(0, "").replace("binary_data_size", "shared_memory_region");
    refused(ask("digits", shared), 400, "shared memory", "body");
  }

  private static byte[] compressed(String coding, byte[] plain) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        coding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"gzip", "deflate"})
  void compressedBodiesAreRead(String coding) throws Exception {
    byte[] head = digits(256, "").getBytes(UTF_8);
    var answer =
        appliance.sendForBytes(
            asking("digits", compressed(coding, join(head, pixels)))
                .header("Content-Encoding", coding)
                .header("Inference-Header-Content-Length", String.valueOf(head.length)));
    assertThat(head(answer).path("outputs").path(0).path("data").path(0).asLong())
        .isEqualTo(digit.path("y").asLong());
  }

  @Test
  void aBombEndsAtTheLimitAndWhatIsNotCompressedIsSaidToBe() throws Exception {
    byte[] spaces = new byte[60_000_000];
    Arrays.fill(spaces, (byte) ' ');
    byte[] bomb = compressed("gzip", spaces);
    assertThat(bomb.length).isLessThan(65_536);
    refused(
        appliance.sendForBytes(asking("digits", bomb).header("Content-Encoding", "gzip")),
        413,
        "65536");
    refused(
        appliance.sendForBytes(asking("digits", new byte[40]).header("Content-Encoding", "gzip")),
        400,
        "Content-Encoding");
    var unknown = appliance.sendForBytes(asking("digits", bomb).header("Content-Encoding", "br"));
    refused(unknown, 415, "br", "gzip, deflate");
    assertThat(unknown.headers().firstValue("Accept-Encoding")).contains("gzip, deflate");
  }

  @Test
  void aLongAnswerIsCompressedForWhoAsks() throws Exception {
    byte[] head = digits(40 * 256, "").replace("[1, 64]", "[40, 64]").getBytes(UTF_8);
    byte[][] rows = new byte[40][];
    Arrays.fill(rows, pixels);
    HttpRequest.Builder asked =
        asking("digits", join(head, join(rows)))
            .header("Inference-Header-Content-Length", String.valueOf(head.length));
    int plain = appliance.sendForBytes(asked).body().length;
    var answer = appliance.sendForBytes(asked.header("Accept-Encoding", "br;q=1.0, gzip;q=0.5"));
    assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(answer.body().length).isLessThan(plain);
    byte[] read = new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    assertThat(read).hasSize(plain);
  }
}
