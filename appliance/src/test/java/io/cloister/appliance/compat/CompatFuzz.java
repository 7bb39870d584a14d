package io.cloister.appliance.compat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Datatype;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;

/** Whatever JSON comes in the forms of others, it is read, or refused in words. */
final class CompatFuzz {
  private static final RequestBodies BODIES =
      new RequestBodies(1 << 20, 64 << 20, Duration.ofSeconds(1));
  private static final Signature ONE =
      new Signature(List.of(TensorSpec.of("in", Datatype.BYTES, TensorSpec.FREE)), List.of());
  private static final Signature TWO =
      new Signature(
          List.of(
              TensorSpec.of("a", Datatype.FP32, TensorSpec.FREE),
              TensorSpec.of("b", Datatype.INT8, TensorSpec.FREE)),
          List.of());

  @FuzzTest(maxDuration = "10s")
  void tensorFlow(byte[] bytes) {
    for (Signature signature : List.of(ONE, TWO)) {
      try (HeapShare heap = BODIES.share()) {
        refusable(bytes, body -> Prediction.read(body, signature, heap));
      }
      try (HeapShare heap = BODIES.share()) {
        refusable(bytes, body -> Prediction.readExamples(body, signature, heap));
      }
    }
  }

  @FuzzTest(maxDuration = "10s")
  void openAi(byte[] bytes) {
    refusable(bytes, EmbeddingsRequest::read);
  }

  private static void refusable(byte[] bytes, JsonBody.Content<?> form) {
    try {
      JsonBody.read(new ByteArrayInputStream(bytes), "a request", "{}", form);
    } catch (HttpException e) {
      boolean busy = e.status().equals(Status.SERVICE_UNAVAILABLE_503);
      if ((e.status().code() >= 500 && !busy) || String.valueOf(e.getMessage()).isBlank()) {
        throw new IllegalStateException("refused without a reason", e);
      }
    }
  }
}
