package io.cloister.appliance.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A text of nothing is four bytes on the wire and an object in memory. */
class RawDataTest {
  private static final int TEXTS = 10_000;

  private static Tensor read(RequestBodies bodies) {
    ByteBuffer nothing = ByteBuffer.allocate(TEXTS * Integer.BYTES);
    try (HeapShare heap = bodies.share()) {
      return RawData.tensor("in", Datatype.BYTES, Shape.of(TEXTS), nothing, heap);
    }
  }

  @Test
  void everyTextCountsHoweverShort() {
    try (var enough = new RequestBodies(1, 2L * TEXTS * Tensor.ARRAY_BYTES, Duration.ZERO);
        var little = new RequestBodies(1, TEXTS * Tensor.ARRAY_BYTES, Duration.ZERO)) {
      assertThat(read(enough).shape().elements()).isEqualTo(TEXTS);
      assertThatThrownBy(() -> read(little))
          .isInstanceOf(HttpException.class)
          .hasMessageContaining("memory");
    }
  }
}
