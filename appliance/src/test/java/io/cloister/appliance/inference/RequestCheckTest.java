package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.inference.InferenceRefusal.MissingInput;
import io.cloister.appliance.inference.InferenceRefusal.UnequalDimensions;
import io.cloister.appliance.inference.InferenceRefusal.UnknownInput;
import io.cloister.appliance.inference.InferenceRefusal.UnknownModel;
import io.cloister.appliance.inference.InferenceRefusal.UnknownOutput;
import io.cloister.appliance.inference.InferenceRefusal.WrongDatatype;
import io.cloister.appliance.inference.InferenceRefusal.WrongShape;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestCheckTest {
  private static final String IRIS =
      Rows.golden(
          "sepal_length sepal_width petal_length petal_width"
              .replaceAll(
                  "(\\w+) ?",
                  "{\"name\":\"$1\",\"datatype\":\"FP32\",\"shape\":[1,1],\"data\":[1.5]},")
              .replaceAll(",$", ""),
          "{\"name\":\"species\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"setosa\"]}");

  private StoreFixture store;
  private ModelServer server;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    store = new StoreFixture(folder);
    server = store.server();
    Path iris = StoreFixture.resource("iris-1.0.0-multiinput.onnx");
    Path echo = StoreFixture.resource("echo-text.onnx");
    ModelVersion irisVersion = store.add("iris", "1.0.0", iris, "", IRIS);
    ModelVersion echoVersion = store.add("echo", "1.0.0", echo, "", Rows.ECHO);
    assertThat(server.apply(store.deployment(irisVersion, echoVersion)))
        .isInstanceOf(ApplyOutcome.Applied.class);
  }

  @AfterAll
  void close() {
    server.close();
    store.close();
  }

  private static Tensor column(String name, int count) {
    return Tensors.fp32(name, Shape.of(count, 1), new float[count]);
  }

  private InferenceRefusal refusal(String model, List<String> outputs, Tensor... inputs) {
    InferenceRequest request =
        new InferenceRequest(model, Optional.empty(), List.of(inputs), outputs, Optional.empty());
    return catchThrowableOfType(InferenceException.class, () -> server.infer(request)).refusal();
  }

  private InferenceRefusal iris(Tensor... inputs) {
    return refusal("iris", List.of(), inputs);
  }

  @Test
  void anUnknownInputIsNamedWithThoseThatAreKnown() {
    assertThat(iris(column("petals", 1)))
        .isEqualTo(
            new UnknownInput(
                "petals", List.of("sepal_length", "sepal_width", "petal_length", "petal_width")));
  }

  @Test
  void aMissingInputIsNamed() {
    assertThat(iris(column("sepal_length", 1), column("sepal_width", 1), column("petal_width", 1)))
        .isEqualTo(new MissingInput("petal_length"));
  }

  @Test
  void aWrongDatatypeIsRefused() {
    assertThat(iris(Tensors.int64("sepal_length", Shape.of(1, 1), 1)))
        .isEqualTo(new WrongDatatype("sepal_length", Datatype.FP32, Datatype.INT64));
  }

  @Test
  void aWrongShapeIsRefused() {
    Tensor wide = Tensors.fp32("sepal_length", Shape.of(1, 2), 1, 2);
    assertThat(iris(wide))
        .isEqualTo(new WrongShape("sepal_length", List.of(-1L, 1L), Shape.of(1, 2)));
  }

  @Test
  void inputsOfDifferentBatchesAreRefused() {
    assertThat(iris(column("sepal_length", 2), column("sepal_width", 3)))
        .isEqualTo(new UnequalDimensions("N", "sepal_width", 3, "sepal_length", 2));
  }

  @Test
  void anUnknownOutputAndAnUnknownModelAreRefused() {
    Tensor text = BytesTensor.ofTexts("in", "a");
    assertThat(refusal("echo", List.of("in"), text))
        .isEqualTo(new UnknownOutput("in", List.of("out")));
    assertThat(refusal("ecco", List.of(), text))
        .isEqualTo(new UnknownModel("ecco", Optional.empty()));
  }

  @Test
  void textsGoThroughAndThoseTheEngineWouldMangleAreRefused() throws Exception {
    InferenceResult result =
        server.infer(InferenceRequest.of("echo", BytesTensor.ofTexts("in", "Grüße 漢字", "")));
    assertThat(((BytesTensor) result.outputs().getFirst()).values())
        .extracting(value -> new String(value, StandardCharsets.UTF_8))
        .containsExactly("Grüße 漢字", "");
    assertThat(refusal("echo", List.of(), BytesTensor.ofTexts("in", "😀")))
        .isInstanceOf(BadContent.class);
    Tensor binary = new BytesTensor("in", Shape.of(1), List.of(new byte[] {(byte) 0xFF}));
    assertThat(refusal("echo", List.of(), binary)).isInstanceOf(BadContent.class);
  }

  @Test
  void anEmptyBatchIsAnswered() throws Exception {
    InferenceResult result =
        server.infer(
            InferenceRequest.of(
                "iris",
                column("sepal_length", 0),
                column("sepal_width", 0),
                column("petal_length", 0),
                column("petal_width", 0)));
    assertThat(result.outputs()).allSatisfy(o -> assertThat(o.shape().elements()).isZero());
  }
}
