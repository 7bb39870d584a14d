package io.cloister.appliance.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.config.Documents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTest {
  private static Tensor parse(String json) throws Exception {
    return TensorJson.parse(Documents.parseJson(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aShapeWhoseProductOverflowsIsRefused() {
    assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shape.of(0, Long.MAX_VALUE, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shape.of(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Shape(Collections.nCopies(17, 1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Shape.of(3, 0, 5).elements()).isZero();
    assertThat(Shape.of().elements()).isEqualTo(1);
  }

  @Test
  void dataThatDoesNotFillTheShapeIsRefused() {
    assertThatThrownBy(
            () -> new PackedTensor("x", Datatype.FP32, Shape.of(2), ByteBuffer.allocate(7)))
        .hasMessage("tensor x: FP32 [2] takes 8 bytes, not 7");
    assertThatThrownBy(() -> new BytesTensor("x", Shape.of(2), Collections.emptyList()))
        .hasMessage("tensor x: shape [2] takes 2 elements, not 0");
  }

  @Test
  void nestedAndFlatDataAreTheSame() throws Exception {
    String form = "{'name':'x','datatype':'INT32','shape':[2,2],'data':%s}".replace('\'', '"');
    assertThat(((PackedTensor) parse(form.formatted("[[1,2],[3,4]]"))).data())
        .isEqualTo(((PackedTensor) parse(form.formatted("[1,2,3,4]"))).data());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'x','datatype':'UINT8','shape':[1],'data':[256]}",
        "{'name':'x','datatype':'UINT8','shape':[1],'data':[-1]}",
        "{'name':'x','datatype':'INT8','shape':[1],'data':[128]}",
        "{'name':'x','datatype':'INT64','shape':[1],'data':[9223372036854775808]}",
        "{'name':'x','datatype':'INT64','shape':[1],'data':[1.5]}",
        "{'name':'x','datatype':'BOOL','shape':[1],'data':[1]}",
        "{'name':'x','datatype':'FP32','shape':[1],'data':['1']}",
        "{'name':'x','datatype':'BYTES','shape':[1],'data':[1]}",
        "{'name':'x','datatype':'FLOAT','shape':[1],'data':[1]}",
        "{'name':'x','datatype':'FP32','shape':[1.5],'data':[1]}",
        "{'name':'x','datatype':'FP32','shape':[2],'data':[1]}"
      })
  void aValueThatIsNotOfTheDatatypeIsRefused(String json) {
    assertThatThrownBy(() -> parse(json.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLargestUnsignedNumberIsKept() throws Exception {
    String json = "{'name':'x','datatype':'UINT64','shape':[1],'data':[18446744073709551615]}";
    PackedTensor tensor = (PackedTensor) parse(json.replace('\'', '"'));
    assertThat(Long.toUnsignedString(tensor.data().getLong())).isEqualTo("18446744073709551615");
  }
}
