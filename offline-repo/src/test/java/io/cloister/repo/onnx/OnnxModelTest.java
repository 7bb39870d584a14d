package io.cloister.repo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {
  private static final int FLOAT = 1;

  private Path file = Path.of("");

  @BeforeEach
  void open(@TempDir Path folder) {
    file = folder.resolve("model.onnx");
  }

  private OnnxModel check(byte[] model) throws IOException, OnnxRefused {
    Files.write(file, model);
    return OnnxModel.check(
        file, name -> name.equals("weights.bin") ? OptionalLong.of(16) : OptionalLong.empty());
  }

  private String refusal(Onnx model) {
    return catchThrowableOfType(OnnxRefused.class, () -> check(model.bytes())).reason();
  }

  private static Onnx graph() {
    return Onnx.message().field(11, Onnx.tensor("x", FLOAT)).field(12, Onnx.tensor("y", FLOAT));
  }

  @Test
  void operatorsOfOnnxAndItsRuntimeAreServed() {
    Onnx graph = graph();
    for (String domain : new String[] {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}) {
      graph.field(1, Onnx.node("Relu", domain));
    }
    // A library that is named and not used does no harm: tools name many.
    Onnx model = Onnx.model(graph).field(8, Onnx.message().text(1, "evil.corp").number(2, 1));
    assertThatCode(() -> check(model.bytes())).doesNotThrowAnyException();
  }

  @Test
  void tellsWhatIsQuantisedDynamicallyWhereverThatHides() throws Exception {
    Onnx inner = Onnx.message().field(1, Onnx.node("DynamicQuantizeLinear", ""));
    Onnx branch =
        Onnx.node("If", "").field(5, Onnx.message().text(1, "then_branch").field(6, inner));
    assertThat(check(Onnx.model(graph().field(1, branch)).bytes()).quantisedDynamically()).isTrue();
    Onnx fixed = graph().field(1, Onnx.node("QuantizeLinear", ""));
    assertThat(check(Onnx.model(fixed).bytes()).quantisedDynamically()).isFalse();
  }

  @Test
  void refusesACustomOperatorWhereverItHides() {
    Onnx evil = Onnx.node("DoEvil", "evil.corp");
    Onnx inner = Onnx.message().field(1, evil);
    Onnx branch =
        Onnx.node("If", "").field(5, Onnx.message().text(1, "then_branch").field(6, inner));
    Onnx function = Onnx.message().text(1, "F").text(10, "own").field(7, evil);
    for (Onnx model :
        new Onnx[] {
          Onnx.model(graph().field(1, evil)),
          Onnx.model(graph().field(1, branch)),
          Onnx.model(graph()).field(25, function)
        }) {
      assertThat(refusal(model)).contains("'DoEvil'", "'evil.corp'");
    }
  }

  @Test
  void aFunctionOfTheModelItselfIsNoCustomOperator() {
    Onnx function = Onnx.message().text(1, "F").text(10, "own").field(7, Onnx.node("Relu", ""));
    Onnx model = Onnx.model(graph().field(1, Onnx.node("F", "own"))).field(25, function);
    assertThatCode(() -> check(model.bytes())).doesNotThrowAnyException();
    assertThat(refusal(Onnx.model(graph().field(1, Onnx.node("G", "own"))).field(25, function)))
        .contains("'G'", "'own'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../weights.bin",
        "/etc/passwd",
        "",
        ".",
        "a/../weights.bin",
        "a//weights.bin",
        "weights.bin/",
        "C:weights.bin",
        "..\\weights.bin",
        "other.bin",
        "weights.bin\u0000"
      })
  void refusesDataOutsideThePackage(String location) {
    Onnx constant = Onnx.external(location, "0", "16");
    assertThat(refusal(Onnx.model(graph().field(5, constant)))).contains("'weights'", "no file");
    Onnx attribute = Onnx.message().text(1, "value").field(5, constant);
    assertThat(refusal(Onnx.model(graph().field(1, Onnx.node("Constant", "").field(5, attribute)))))
        .contains("no file of its package");
    Onnx sparse = Onnx.message().field(1, constant);
    assertThat(refusal(Onnx.model(graph().field(15, sparse)))).contains("no file");
  }

  @ParameterizedTest
  @CsvSource({"0,17", "17,0", "1,16", "-1,1", "0,999999999999999999", "x,1", "0,0x1"})
  void refusesDataBeyondTheFileItLiesIn(String offset, String length) {
    assertThat(refusal(Onnx.model(graph().field(5, Onnx.external("weights.bin", offset, length)))))
        .contains("'weights'");
  }

  @Test
  void dataInsideThePackageIsServed() {
    Onnx model = Onnx.model(graph().field(5, Onnx.external("weights.bin", "4", "12")));
    assertThatCode(() -> check(model.bytes())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"4,UINT16", "12,UINT32", "13,UINT64", "14,COMPLEX64", "16,BFLOAT16", "21,type 21"})
  void refusesInputsThatNoRequestCarries(int element, String name) {
    Onnx model = Onnx.model(Onnx.message().field(11, Onnx.tensor("in", element)));
    assertThat(refusal(model)).contains("input 'in'", name);
    // An input of the graph that is a constant too is not asked for.
    Onnx constant = Onnx.message().text(8, "in");
    Onnx shadowed =
        Onnx.model(Onnx.message().field(11, Onnx.tensor("in", element)).field(5, constant));
    assertThatCode(() -> check(shadowed.bytes())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"4,sequence", "5,map", "8,sparse tensor", "9,optional value"})
  void refusesWhatIsNoTensor(int kind, String name) {
    Onnx value = Onnx.message().text(1, "z").field(2, Onnx.message().field(kind, Onnx.message()));
    assertThat(refusal(Onnx.model(graph().field(12, value)))).contains("output 'z'", name);
    assertThat(refusal(Onnx.model(graph().field(11, value)))).contains("input 'z'", name);
  }

  @Test
  void namesAreShownWithoutWhatMovesATerminalsCursor() {
    String reason = refusal(Onnx.model(graph().field(1, Onnx.node("\u001B[2J\u202Ex\n", "e"))));
    assertThat(reason).contains("'?[2J?x?'");
  }

  @Test
  void refusesAFileThatIsCutOrNone() throws Exception {
    byte[] whole = Onnx.model(graph().field(1, Onnx.node("Relu", ""))).bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length > 2) {
        assertThat(catchThrowableOfType(OnnxRefused.class, () -> check(cut)))
            .as("%d bytes", length)
            .isNotNull();
      }
    }
    assertThat(catchThrowableOfType(OnnxRefused.class, () -> check(new byte[0])).reason())
        .contains("no graph");
  }

  @Test
  void refusesGraphsWithinGraphsWithoutEnd() {
    Onnx inner = Onnx.message();
    for (int depth = 0; depth < 100; depth++) {
      Onnx attribute = Onnx.message().field(6, inner);
      inner = Onnx.message().field(1, Onnx.node("If", "").field(5, attribute));
    }
    assertThat(refusal(Onnx.model(inner))).contains("nested deeper than 64");
  }

  @Test
  void theWeightsOfAGraphAreNotRead() throws Exception {
    long gigabytes = 1L << 31;
    byte[] start = header(gigabytes);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(start);
      sparse.setLength(start.length + gigabytes);
    }
    OnnxModel.check(file, name -> OptionalLong.empty());
    assertThat(catchThrowableOfType(OnnxRefused.class, () -> check(start)).reason())
        .contains("does not fit");
  }

  /** graph { initializer { raw_data: so many bytes, which follow } }. */
  private static byte[] header(long data) {
    byte[] raw = Onnx.message().number(9, data).bytes();
    raw[0] = (9 << 3) | 2;
    byte[] tensor = Onnx.message().number(5, raw.length + data).bytes();
    tensor[0] = (5 << 3) | 2;
    byte[] graph = Onnx.message().number(7, tensor.length + raw.length + data).bytes();
    graph[0] = (7 << 3) | 2;
    byte[] all = Arrays.copyOf(graph, graph.length + tensor.length + raw.length);
    System.arraycopy(tensor, 0, all, graph.length, tensor.length);
    System.arraycopy(raw, 0, all, graph.length + tensor.length, raw.length);
    return all;
  }
}
