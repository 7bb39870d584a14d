package io.cloister.appliance.oip.grpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Whatever message comes over gRPC, it is read, or refused in words. */
final class MessageFuzz {
  private static final RequestBodies BODIES =
      new RequestBodies(1 << 20, 64 << 20, Duration.ofSeconds(30));

  @FuzzTest(maxDuration = "10s")
  void inferQuestion(byte[] bytes) {
    try (Message message = new Message(ByteBuffer.wrap(bytes), BODIES.share())) {
      InferQuestion.read(message)
          .request(Optional.empty(), "someone")
          .inputs()
          .forEach(this::check);
    } catch (HttpException e) {
      if (e.status().code() >= 500 || String.valueOf(e.getMessage()).isBlank()) {
        throw new IllegalStateException("refused without a reason", e);
      }
    }
  }

  private void check(Tensor tensor) {
    long elements =
        switch (tensor) {
          case PackedTensor packed -> packed.data().remaining() / packed.datatype().elementBytes();
          case BytesTensor texts -> texts.values().size();
        };
    if (elements != tensor.shape().elements()) {
      throw new IllegalStateException("a tensor of another size than its shape");
    }
  }
}
