package io.cloister.appliance.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static byte[] frame(Message message) throws IOException {
    ByteBuffer frame = MessageCodec.encode(new FrameWriter(true), message);
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static Message read(byte[] bytes) throws IOException {
    return new AnswerStream(new ByteArrayInputStream(bytes)).read().orElseThrow();
  }

  private static Message.Run run() {
    return new Message.Run(
        42,
        List.of(
            Tensors.fp32("x", Shape.of(2, 2), 1, 2, 3, 4),
            BytesTensor.ofTexts("text", "a", "", "😀"),
            Tensors.int64("scalar", Shape.of(), Long.MIN_VALUE)),
        List.of("y"));
  }

  @Test
  void aRunArrivesAsItWasSent() throws Exception {
    Message.Run sent = run();
    Message.Run read = (Message.Run) read(frame(sent));
    assertThat(read.id()).isEqualTo(42);
    assertThat(read.outputs()).containsExactly("y");
    assertThat(read.inputs()).extracting(Tensor::name).containsExactly("x", "text", "scalar");
    assertThat(((PackedTensor) read.inputs().getFirst()).data())
        .isEqualTo(((PackedTensor) sent.inputs().getFirst()).data());
    assertThat(((BytesTensor) read.inputs().get(1)).values())
        .usingRecursiveComparison()
        .isEqualTo(((BytesTensor) sent.inputs().get(1)).values());
  }

  @Test
  void aFrameCutAnywhereIsRefused() throws Exception {
    byte[] whole = frame(run());
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatCode(() -> read(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noChangedByteDoesMoreThanRefuse() throws Exception {
    byte[] whole = frame(run());
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        read(changed);
      } catch (IOException expected) {
        assertThat(expected).isInstanceOf(IOException.class);
      }
    }
  }
}
