package io.cloister.appliance.compat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Datatype;
import io.helidon.http.HttpException;
import java.io.ByteArrayInputStream;
import java.util.List;

/** Whatever JSON comes in the forms of others, it is read, or refused in words. */
final class CompatFuzz {
  private static final Signature ONE =
      new Signature(List.of(TensorSpec.of("in", Datatype.BYTES, TensorSpec.FREE)), List.of());
  private static final Signature TWO =
      new Signature(
          List.of(
              TensorSpec.of("a", Datatype.FP32, TensorSpec.FREE),
              TensorSpec.of("b", Datatype.INT8, TensorSpec.FREE)),
          List.of());

  @FuzzTest(maxDuration = "20s")
  void tensorFlow(byte[] bytes) {
    refusable(bytes, body -> Prediction.of(body, ONE));
    refusable(bytes, body -> Prediction.of(body, TWO));
    refusable(bytes, body -> Prediction.ofExamples(body, ONE));
    refusable(bytes, body -> Prediction.ofExamples(body, TWO));
  }

  @FuzzTest(maxDuration = "20s")
  void openAi(byte[] bytes) {
    refusable(bytes, EmbeddingsRequest::of);
  }

  @FunctionalInterface
  private interface Form {
    Object read(JsonNode body);
  }

  private static void refusable(byte[] bytes, Form form) {
    try {
      form.read(JsonTensors.read(new ByteArrayInputStream(bytes), "a request", "{}"));
    } catch (HttpException e) {
      if (e.status().code() >= 500 || String.valueOf(e.getMessage()).isBlank()) {
        throw new IllegalStateException("refused without a reason", e);
      }
    }
  }
}
