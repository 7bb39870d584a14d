package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.cloister.appliance.config.Documents;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The Open Inference Protocol v2 over gRPC, as grpc-java calls it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcTest {
  private static final String VERSION = "1.0.0-9223372036854775807";

  private RunningAppliance appliance;
  private GrpcCaller caller;
  private JsonNode pixels;
  private long digit;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    byte[] golden = Files.readAllBytes(InstalledRoot.MODELS.resolve("digits_golden.json"));
    JsonNode first = Documents.parseJson(golden).path("cases").path(0);
    pixels = first.path("x");
    digit = first.path("y").asLong();
    InstalledRoot root = new InstalledRoot(folder);
    root.add("digits", VERSION, "digits-1.1.0.onnx", ModelRows.digits());
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.deploy();
    appliance = new RunningAppliance(root).settled();
    caller = new GrpcCaller(appliance, Optional.of(appliance.token()));
  }

  @AfterAll
  void stop() throws Exception {
    caller.close();
    appliance.close();
  }

  private String pixels(String more) {
    return """
        model_name: "digits"
        inputs { name: "pixels" datatype: "FP32" shape: [1, 64] contents { fp32_contents: %s } }
        %s"""
        .formatted(pixels, more);
  }

  /** Rows of zeros, raw. */
  private static String rows(int count) {
    return """
        model_name: "digits"
        inputs { name: "pixels" datatype: "FP32" shape: [%d, 64] }
        outputs { name: "label" }
        raw_input_contents: "%s\""""
        .formatted(count, "\\000".repeat(count * 64 * Float.BYTES));
  }

  private static List<ByteBuffer> raw(DynamicMessage answer) {
    var field = answer.getDescriptorForType().findFieldByName("raw_output_contents");
    List<ByteBuffer> all = new ArrayList<>();
    for (int i = 0; i < answer.getRepeatedFieldCount(field); i++) {
      ByteString bytes = (ByteString) answer.getRepeatedField(field, i);
      all.add(bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
    return all;
  }

  private StatusRuntimeException refused(String method, String request) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> caller.call(method, request));
  }

  @Test
  void healthNeedsNoTokenAndAllElseDoes() throws Exception {
    try (GrpcCaller nobody = new GrpcCaller(appliance, Optional.empty())) {
      assertThat(nobody.ask("ServerLive", "")).isEqualTo("live: true\n");
      assertThat(nobody.ask("ServerReady", "")).isEqualTo("ready: true\n");
      for (String method : new String[] {"ServerMetadata", "ModelReady", "ModelInfer"}) {
        var refused =
            catchThrowableOfType(StatusRuntimeException.class, () -> nobody.call(method, ""));
        assertThat(refused.getStatus().getCode()).as(method).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(refused.getStatus().getDescription()).startsWith("no token was sent; send");
      }
    }
  }

  @Test
  void contentsAndRawContentsAreAnsweredAlikeAndRaw() {
    ByteBuffer packed = ByteBuffer.allocate(64 * 4).order(ByteOrder.LITTLE_ENDIAN);
    pixels.forEach(pixel -> packed.putFloat((float) pixel.asDouble()));
    String bytes = TextFormat.escapeBytes(packed.array());
    DynamicMessage typed = caller.call("ModelInfer", pixels("id: \"a1\""));
    DynamicMessage raw =
        caller.call(
            "ModelInfer",
            """
            model_name: "digits" model_version: "%s" id: "a1"
            inputs { name: "pixels" datatype: "FP32" shape: [1, 64] } raw_input_contents: "%s\""""
                .formatted(VERSION, bytes));
    assertThat(raw).isEqualTo(typed);
    assertThat(raw(typed).getFirst().getLong()).isEqualTo(digit);
    assertThat(TextFormat.printer().printToString(typed))
        .contains("model_version: \"" + VERSION + "\"", "id: \"a1\"", "datatype: \"INT64\"");
  }

  @Test
  void textsComeBackAsTheyWentAndAnEmptyBatchIsEmpty() {
    DynamicMessage texts =
        caller.call(
            "ModelInfer",
            """
            model_name: "echo" inputs { name: "in" datatype: "BYTES" shape: [2]
              contents { bytes_contents: ["gr\\303\\274n", ""] } }""");
    assertThat(StandardCharsets.UTF_8.decode(raw(texts).getFirst().position(4)).toString())
        .isEqualTo("grün\0\0\0\0");
    DynamicMessage none = caller.call("ModelInfer", rows(0));
    assertThat(raw(none)).hasSize(1).allMatch(data -> data.remaining() == 0);
  }

  @Test
  void classesTakeTheirOutputsPlace() {
    DynamicMessage answer =
        caller.call(
            "ModelInfer",
            pixels(
                """
                outputs { name: "probabilities"
                  parameters { key: "classification" value { int64_param: 2 } } }"""));
    assertThat(StandardCharsets.UTF_8.decode(raw(answer).getFirst().position(4)).toString())
        .contains(":" + digit);
  }

  @Test
  void whatTheServerAndItsModelsAreIsTold() {
    assertThat(caller.ask("ServerMetadata", ""))
        .contains("name: \"cloister\"", "\"model_repository\"");
    assertThat(caller.ask("ModelMetadata", "name: \"digits\""))
        .contains("versions: \"" + VERSION + "\"", "platform: \"onnxruntime_onnx\"", "shape: -1");
    assertThat(caller.ask("ModelConfig", "name: \"digits\""))
        .contains("data_type: 11", "data_type: 9", "backend: \"onnxruntime\"");
    assertThat(caller.ask("ModelReady", "name: \"digits\"")).isEqualTo("ready: true\n");
    assertThat(caller.ask("ModelReady", "name: \"none\"")).isEmpty();
    assertThat(caller.ask("RepositoryIndex", "ready: true"))
        .contains("name: \"echo\"", "state: \"READY\"");
    caller.call("ModelInfer", pixels(""));
    assertThat(caller.ask("ModelStatistics", "name: \"digits\""))
        .contains("inference_count", "success {");
  }

  @Test
  void aModelIsUnloadedAndLoadedAgain() {
    caller.call("RepositoryModelUnload", "model_name: \"echo\"");
    assertThat(caller.ask("RepositoryIndex", "")).contains("state: \"UNAVAILABLE\"");
    assertThat(refused("ModelInfer", "model_name: \"echo\"").getStatus().getCode())
        .isEqualTo(Code.UNAVAILABLE);
    assertThat(
            refused(
                    "RepositoryModelLoad",
                    "model_name: \"echo\" parameters { key: \"config\" value { string_param: \"{}\" } }")
                .getStatus()
                .getDescription())
        .contains("a model is what its signed package says");
    caller.call("RepositoryModelLoad", "model_name: \"echo\"");
    assertThat(caller.ask("ModelReady", "name: \"echo\"")).isEqualTo("ready: true\n");
  }

  @Test
  void refusalsHaveTheWordsOfRest() throws Exception {
    var unknown = refused("ModelInfer", "model_name: \"n\\303\\266\"").getStatus();
    assertThat(unknown.getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(unknown.getDescription()).isEqualTo("there is no model 'nö' here");
    String wrong = "inputs { name: \"pixels\" datatype: \"INT64\" shape: [1] contents { %s } }";
    var datatype =
        refused("ModelInfer", "model_name: \"digits\"" + wrong.formatted("int64_contents: 1"));
    assertThat(datatype.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    String rest =
        appliance
            .infer(
                "digits",
                """
                {"inputs": [{"name": "pixels", "shape": [1], "datatype": "INT64", "data": [1]}]}""")
            .body();
    assertThat(rest).contains(datatype.getStatus().getDescription());
    assertThat(
            refused("ModelInfer", "model_name: \"digits\"" + wrong.formatted("fp32_contents: 1"))
                .getStatus()
                .getDescription())
        .contains("the contents of INT64 are field 3");
  }

  @Test
  void compressedMessagesAreReadUpToTheLimitOfWhatTheyHold() {
    var gzip = CallOptions.DEFAULT.withCompression("gzip");
    assertThat(raw(caller.call("ModelInfer", rows(3_000), gzip)).getFirst().remaining())
        .isEqualTo(3_000 * 8);
    var bomb =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> caller.call("ModelInfer", rows(66_000), gzip));
    assertThat(bomb.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(bomb.getStatus().getDescription()).contains("limits.request_bytes");
  }

  @Test
  void aMessageOverTheLimitIsRefusedWithTheLimit() {
    var refused = refused("ModelInfer", rows(66_000)).getStatus();
    assertThat(refused.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getDescription()).contains("longer than the 16777216 bytes");
  }

  @Test
  void aDeadlineIsThatOfTheRequest() throws Exception {
    var late = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MILLISECONDS);
    var refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> caller.call("ModelInfer", rows(60_000), late));
    assertThat(refused.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(raw(caller.call("ModelInfer", pixels("")))).as("others go on").hasSize(2);
  }

  @Test
  void aStreamAnswersInOrderAndOneRefusalDoesNotEndIt() throws Exception {
    List<String> answers = Collections.synchronizedList(new ArrayList<>());
    var ended = new CompletableFuture<Boolean>();
    StreamObserver<DynamicMessage> requests =
        caller.stream(
            new StreamObserver<>() {
              @Override
              public void onNext(DynamicMessage answer) {
                answers.add(TextFormat.printer().printToString(answer));
              }

              @Override
              public void onError(Throwable e) {
                ended.completeExceptionally(e);
              }

              @Override
              public void onCompleted() {
                ended.complete(true);
              }
            });
    var type = GrpcCaller.request("ModelStreamInfer");
    for (String id : new String[] {"a", "b", "c"}) {
      requests.onNext(GrpcCaller.message(type, pixels("id: \"" + id + "\"")));
    }
    requests.onNext(GrpcCaller.message(type, "model_name: \"none\""));
    requests.onNext(GrpcCaller.message(type, pixels("id: \"d\"")));
    requests.onCompleted();
    assertThat(ended.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answers).hasSize(5);
    assertThat(answers.get(1)).contains("id: \"b\"");
    assertThat(answers.get(3)).contains("error_message", "there is no model");
    assertThat(answers.get(4)).contains("id: \"d\"");
  }

  @Test
  void eachCallHasALineInTheLogs() throws Exception {
    refused("ModelInfer", "model_name: \"told\"");
    appliance.awaitLog("/inference.GRPCInferenceService/ModelInfer");
    assertThat(appliance.log()).contains("\"grpc_status\":5", "\"status\":404");
  }

  @Test
  void restIsNotSpokenOverHttp2() throws Exception {
    assertThat(appliance.negotiated("h2")).isEqualTo("h2");
    assertThat(refused("ModelConfig", "name: \"none\"").getStatus().getCode())
        .isEqualTo(Code.NOT_FOUND);
  }
}
