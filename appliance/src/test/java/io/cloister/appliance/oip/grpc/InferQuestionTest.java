package io.cloister.appliance.oip.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import io.helidon.http.HttpException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Messages that protobuf's own library wrote, and what is none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InferQuestionTest {
  private final RequestBodies bodies = new RequestBodies(1 << 20, 64 << 20, Duration.ofSeconds(30));

  @AfterAll
  void stop() {
    bodies.close();
  }

  private static Descriptor type(String name) throws Exception {
    try (var bytes = InferQuestionTest.class.getResourceAsStream("/grpc/inference.desc")) {
      return FileDescriptor.buildFrom(
              FileDescriptorSet.parseFrom(bytes).getFile(0), new FileDescriptor[0])
          .findMessageTypeByName(name);
    }
  }

  private static byte[] encoded(String text) throws Exception {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type("ModelInferRequest"));
    TextFormat.merge(text, builder);
    return builder.build().toByteArray();
  }

  private InferenceRequest read(byte[] message) {
    try (Message taken = new Message(ByteBuffer.wrap(message), bodies.share())) {
      return InferQuestion.read(taken).request(Optional.empty(), "someone");
    }
  }

  private InferenceRequest input(String datatype, String shape, String contents) throws Exception {
    return read(
        encoded(
            "inputs { name: \"x\" datatype: \"%s\" shape: %s %s }"
                .formatted(datatype, shape, contents)));
  }

  private String hex(String datatype, String contents) throws Exception {
    var request = input(datatype, "[2]", "contents { " + contents + " }");
    var packed = (PackedTensor) request.inputs().getFirst();
    byte[] bytes = new byte[packed.data().remaining()];
    packed.data().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void eachDatatypeHasItsContents() throws Exception {
    assertThat(hex("BOOL", "bool_contents: [true, false]")).isEqualTo("0100");
    assertThat(hex("INT8", "int_contents: [-128, 127]")).isEqualTo("807f");
    assertThat(hex("INT16", "int_contents: [-2, 258]")).isEqualTo("feff0201");
    assertThat(hex("INT32", "int_contents: [-2, 1]")).isEqualTo("feffffff01000000");
    assertThat(hex("INT64", "int64_contents: [-9223372036854775808, 1]"))
        .isEqualTo("00000000000000800100000000000000");
    assertThat(hex("UINT8", "uint_contents: [255, 0]")).isEqualTo("ff00");
    assertThat(hex("UINT16", "uint_contents: [65535, 1]")).isEqualTo("ffff0100");
    assertThat(hex("UINT32", "uint_contents: [4294967295, 1]")).isEqualTo("ffffffff01000000");
    assertThat(hex("UINT64", "uint64_contents: [18446744073709551615, 1]"))
        .isEqualTo("ffffffffffffffff0100000000000000");
    assertThat(hex("FP32", "fp32_contents: [1, -2]")).isEqualTo("0000803f000000c0");
    assertThat(hex("FP64", "fp64_contents: [1, -2]")).isEqualTo("000000000000f03f00000000000000c0");
    var texts = input("BYTES", "[2]", "contents { bytes_contents: [\"a\\000\", \"\"] }");
    assertThat(((BytesTensor) texts.inputs().getFirst()).values())
        .containsExactly(new byte[] {'a', 0}, new byte[0]);
  }

  @Test
  void numbersThatStandByThemselvesAreReadToo() throws Exception {
    // Field 5 (input) of name x, INT64, shape 2 times field 3, contents of field 3 twice.
    byte[] message =
        HexFormat.of().parseHex("2a120a0178120549" + "4e543634" + "1802" + "2a0418051806");
    var tensor = (PackedTensor) read(message).inputs().getFirst();
    assertThat(tensor.longAt(0)).isEqualTo(5);
    assertThat(tensor.longAt(1)).isEqualTo(6);
  }

  @Test
  void valuesBeyondTheirDatatypeAndShapesThatDoNotFitAreRefused() {
    for (String[] bad :
        new String[][] {
          {"INT8", "[1]", "contents { int_contents: 128 }"},
          {"UINT8", "[1]", "contents { uint_contents: 256 }"},
          {"INT64", "[2]", "contents { int64_contents: 1 }"},
          {"INT64", "[1]", "contents { int64_contents: [1, 2] }"},
          {"FP32", "[1]", "contents { fp32_contents: [1, 2] }"},
          {"FP32", "[2]", "contents { fp32_contents: 1 }"},
          {"FP32", "[2147483647]", "contents { fp32_contents: 1 }"},
          {"FP32", "[-1]", "contents { fp32_contents: 1 }"},
          {"FP32", "[1]", "contents { fp64_contents: 1 }"},
          {"FP16", "[1]", "contents { fp32_contents: 1 }"},
          {"FP32", "[1]", ""},
          {"STRING", "[1]", "contents { bytes_contents: \"a\" }"},
          {"BYTES", "[2]", "contents { bytes_contents: \"a\" }"},
          {
            "INT8",
            "[1]",
            "parameters { key: \"shared_memory_region\" value { string_param: \"r\" } }"
          },
        }) {
      assertThatThrownBy(() -> input(bad[0], bad[1], bad[2]))
          .as(String.join(" ", bad))
          .isInstanceOf(HttpException.class);
    }
  }

  @Test
  void rawContentsFitOrAreRefused() throws Exception {
    String input = "inputs { name: \"x\" datatype: \"FP16\" shape: [2] %s }";
    var request = read(encoded(input.formatted("") + "raw_input_contents: \"\\000<\\000@\""));
    assertThat(((PackedTensor) request.inputs().getFirst()).doubleAt(1)).isEqualTo(2.0);
    for (String bad :
        new String[] {
          input.formatted("") + "raw_input_contents: \"\\000\"",
          input.formatted("") + "raw_input_contents: \"\" raw_input_contents: \"\"",
          input.formatted("contents { int_contents: 1 }") + "raw_input_contents: \"\\000<\\000@\"",
          "inputs { datatype: \"BOOL\" shape: [1] } raw_input_contents: \"\\002\"",
          "inputs { datatype: \"BYTES\" shape: [1] } raw_input_contents: \"\\377\\377\\377\\377a\"",
        }) {
      assertThatThrownBy(() -> read(encoded(bad))).as(bad).isInstanceOf(HttpException.class);
    }
  }

  private static byte[] input(String datatype, String contents) {
    byte[] name = datatype.getBytes(StandardCharsets.US_ASCII);
    byte[] rest = HexFormat.of().parseHex("1801" + contents);
    ByteBuffer all = ByteBuffer.allocate(4 + name.length + rest.length);
    all.put((byte) 0x2a).put((byte) (2 + name.length + rest.length));
    return all.put((byte) 0x12).put((byte) name.length).put(name).put(rest).array();
  }

  @Test
  void numbersEncodedInAnotherWayThanTheirKindAreRefused() {
    assertThat(read(input("FP32", "2a05350000803f")).inputs()).hasSize(1);
    for (byte[] bad :
        List.of(
            input("FP32", "2a0530ffffff7f"),
            input("INT8", "2a051501000000"),
            input("FP64", "2a053d00000000"),
            input("FP32", "2a053203000000"),
            input("FP32", "2a083203000000320100"))) {
      assertThatThrownBy(() -> read(bad))
          .as(HexFormat.of().formatHex(bad))
          .isInstanceOf(HttpException.class);
    }
  }

  @Test
  void contentsInVeryManyPartsAreRefusedBeforeTheyTakeMemory() {
    assertThat(read(input("INT64", "2a021807")).inputs()).hasSize(1);
    assertThatThrownBy(() -> read(input("INT64", "2a00".repeat(20) + "2a021807")))
        .isInstanceOf(HttpException.class)
        .hasMessageContaining("parts");
  }

  @Test
  void textsCountWithWhatTheyTakeOfTheHeap() throws Exception {
    byte[] message =
        encoded(
            "inputs { datatype: \"BYTES\" shape: [5000] } raw_input_contents: \"%s\""
                .formatted("\\000".repeat(20_000)));
    RequestBodies few = new RequestBodies(1 << 10, 64 << 10, Duration.ofSeconds(30));
    try (few;
        Message taken = new Message(ByteBuffer.wrap(message), few.share())) {
      assertThatThrownBy(() -> InferQuestion.read(taken))
          .isInstanceOf(HttpException.class)
          .hasMessageContaining("memory");
    }
  }

  @Test
  void parametersAreTimePriorityAndClasses() throws Exception {
    var asked =
        read(
            encoded(
                """
                model_name: "m" model_version: "2.0-x"
                parameters { key: "timeout" value { int64_param: 1500 } }
                parameters { key: "priority" value { uint64_param: 2 } }
                parameters { key: "other" value { string_param: "?" } }
                outputs { name: "b" } outputs { name: "a" }"""));
    assertThat(asked.timeout()).contains(Duration.ofNanos(1_500_000));
    assertThat(asked.priority()).isEqualTo(2);
    assertThat(asked.modelVersion()).contains("2.0-x");
    assertThat(asked.outputs()).containsExactly("b", "a");
    assertThat(
            read(encoded("parameters { key: \"timeout\" value { int64_param: 3600000000 } }"))
                .timeout())
        .as("Triton's are 64-bit numbers")
        .isPresent();
    for (String bad :
        new String[] {
          "parameters { key: \"timeout\" value { string_param: \"1\" } }",
          "parameters { key: \"priority\" value { int64_param: 10 } }",
          "outputs { name: \"a\" } outputs { name: \"a\" }",
        }) {
      assertThatThrownBy(() -> read(encoded(bad))).as(bad).isInstanceOf(HttpException.class);
    }
  }

  @Test
  void protobufReadsWhatIsAnswered() throws Exception {
    float[] values = {1, 2, 3};
    var result =
        new InferenceResult(
            "m",
            "1.0",
            List.of(Tensors.fp32("y", Shape.of(3), values), BytesTensor.ofTexts("t", "é")));
    try (Message asked = new Message(ByteBuffer.allocate(0), bodies.share())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (ByteBuffer part :
          InferReply.encode(InferQuestion.read(asked), result, asked.heap()).parts()) {
        byte[] content = new byte[part.remaining()];
        part.get(content);
        bytes.writeBytes(content);
      }
      String text =
          TextFormat.printer()
              .printToString(
                  DynamicMessage.parseFrom(type("ModelInferResponse"), bytes.toByteArray()));
      assertThat(text)
          .contains("shape: 3", "raw_output_contents: \"\\002\\000\\000\\000\\303\\251\"");
    }
  }

  @Test
  void whateverIsSentIsReadOrRefused() throws Exception {
    byte[] good =
        encoded(
            """
            model_name: "m" id: "1" parameters { key: "priority" value { int64_param: 2 } }
            inputs { name: "x" datatype: "INT64" shape: [2] contents { int64_contents: [1, 2] } }
            outputs { name: "y" parameters { key: "classification" value { int64_param: 1 } } }""");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    LongStream.range(0, 20_000)
        .forEach(
            round -> {
              byte[] changed = good.clone();
              for (int i = 0; i <= random.nextInt(4); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
              }
              try {
                assertThat(read(changed)).isNotNull();
              } catch (HttpException e) {
                assertThat(e.getMessage()).isNotEmpty();
              } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
              }
            });
  }
}
