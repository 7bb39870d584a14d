package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.systemd.PassedSockets;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Answers that take far more memory than what asked for them, where requests have 32 MiB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongAnswersTest {
  private static final long HEAP = 64 << 20;

  /** 10 MB of JSON, which no buffer of the system takes, and 3 MB of tensor. */
  private static final int LONG = 650_000;

  /** More than there is as JSON, and a quarter of it as a tensor. */
  private static final int TOO_LONG = 2_100_000;

  private RunningAppliance appliance;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.settings("65536", 64, 30);
    root.withoutTls();
    root.add("fill", "1.0.0", "fill.onnx", ModelRows.FILL);
    root.deploy();
    appliance = new RunningAppliance(root, PassedSockets.NONE, HEAP).settled();
  }

  @AfterAll
  void stop() throws Exception {
    appliance.close();
  }

  private static String asking(int columns, String more) {
    return """
        {"inputs": [{"name": "shape", "shape": [2], "datatype": "INT64", "data": [1, %d]}]%s}"""
        .formatted(columns, more);
  }

  private HttpResponse<String> ask(int columns) throws Exception {
    return appliance.infer("fill", asking(columns, ""));
  }

  /** Asks, and reads of the answer that there is one. */
  private Socket askAndTakeNothing() throws IOException {
    String body = asking(LONG, "");
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.connect(new InetSocketAddress("localhost", appliance.inference("/").getPort()));
    String head =
        """
        POST /v2/models/fill/infer HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Length: %d

        """
            .formatted(appliance.token(), body.length())
            .replace("\n", "\r\n");
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    return socket;
  }

  /** Asks until the answer has that status, or ten times. */
  private HttpResponse<String> askUntil(int status) throws Exception {
    HttpResponse<String> answer = ask(LONG);
    for (int i = 0; i < 10 && answer.statusCode() != status; i++) {
      Thread.sleep(200);
      answer = ask(LONG);
    }
    return answer;
  }

  @Test
  void answersThatNobodyTakesLeaveNoRoomForOthersUntilTheirCallersAreGone() throws Exception {
    try (Socket _ = askAndTakeNothing();
        Socket _ = askAndTakeNothing()) {
      HttpResponse<String> refused = askUntil(503);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.body()).contains("take up its memory");
      assertThat(ask(1).statusCode()).as("a short one has room").isEqualTo(200);
    }
    assertThat(askUntil(200).statusCode()).isEqualTo(200);
  }

  @Test
  void anAnswerThatTakesMoreThanThereIsSaysHowToAskForIt() throws Exception {
    HttpResponse<String> refused = ask(TOO_LONG);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
    assertThat(refused.body()).contains("33554432 bytes", "fewer rows", "binary_data_output");
    assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
    appliance.awaitLog("\"outcome\":\"not_answered\"");
    String binary = asking(TOO_LONG, ", \"parameters\": {\"binary_data_output\": true}");
    HttpResponse<byte[]> answer =
        appliance.sendForBytes(
            appliance
                .request(appliance.inference("/v2/models/fill/infer"))
                .header("Authorization", "Bearer " + appliance.token())
                .POST(BodyPublishers.ofString(binary)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
    assertThat(answer.body().length).isGreaterThan(TOO_LONG * Float.BYTES);
  }

  @Test
  void theOtherProtocolsCountTheirAnswersToo() throws Exception {
    HttpResponse<String> refused =
        appliance.post(
            appliance.inference("/v1/models/fill:predict"),
            "{\"inputs\": [1, %d]}".formatted(TOO_LONG));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
    String request =
        """
        model_name: "fill" inputs { name: "shape" datatype: "INT64" shape: [2]
          contents { int64_contents: [1, %d] } }"""
            .formatted(5 * TOO_LONG);
    try (GrpcCaller caller = new GrpcCaller(appliance, Optional.of(appliance.token()))) {
      var tooLong =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> caller.call("ModelInfer", request));
      assertThat(tooLong.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(tooLong.getStatus().getDescription()).contains("fewer rows");
    }
  }

  @Test
  void aLongAnswerIsTheSameHoweverItIsSent() throws Exception {
    HttpResponse<String> plain = ask(LONG / 10);
    assertThat(plain.body()).endsWith("]}]}").contains(",-1.1754944E-38,");
    for (String coding : List.of("gzip", "deflate")) {
      HttpResponse<byte[]> compressed =
          appliance.sendForBytes(
              appliance
                  .request(appliance.inference("/v2/models/fill/infer"))
                  .header("Authorization", "Bearer " + appliance.token())
                  .header("Accept-Encoding", coding)
                  .POST(BodyPublishers.ofString(asking(LONG / 10, ""))));
      assertThat(compressed.headers().firstValue("Content-Encoding")).contains(coding);
      assertThat(compressed.body().length).isLessThan(plain.body().length() / 10);
      assertThat(inflated(coding, compressed.body())).isEqualTo(plain.body());
    }
  }

  private static String inflated(String coding, byte[] body) throws IOException {
    var compressed = new ByteArrayInputStream(body);
    try (var in =
        coding.equals("gzip")
            ? new GZIPInputStream(compressed)
            : new InflaterInputStream(compressed)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void classesOfALongRowAreFoundWithoutALongListOfThem() throws Exception {
    String best = ", \"outputs\": [{\"name\": \"y\", \"parameters\": {\"classification\": 2}}]";
    HttpResponse<String> answer = appliance.infer("fill", asking(LONG, best));
    assertThat(answer.body()).contains("\"-0.000000:0\",\"-0.000000:1\"");
    String rows =
        """
        {"inputs": [{"name": "shape", "shape": [2], "datatype": "INT64", "data": [%d, 1]}]%s}"""
            .formatted(2 * LONG, best);
    HttpResponse<String> many = appliance.infer("fill", rows);
    assertThat(many.statusCode()).as("each is a text of its own").isEqualTo(413);
  }

  @Test
  void rowsOfNothingHaveNoClassesHoweverManyTheyAre() throws Exception {
    String none =
        """
        {"inputs": [{"name": "shape", "shape": [2], "datatype": "INT64", "data": [2147483647, 0]}],
         "outputs": [{"name": "y", "parameters": {"classification": 1}}]}""";
    HttpResponse<String> answer = appliance.infer("fill", none);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"shape\":[2147483647,0]");
  }

  @Test
  void oneNumberForEachExampleIsItsRegression() throws Exception {
    HttpResponse<String> answer =
        appliance.post(
            appliance.inference("/v1/models/fill:regress"),
            "{\"examples\": [{\"shape\": 2}, {\"shape\": 1}]}");
    assertThat(answer.body()).isEqualTo("{\"results\":[-1.1754944E-38,-1.1754944E-38]}");
  }
}
