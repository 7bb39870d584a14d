package io.cloister.appliance.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FrameChannelTest {
  private static final int LARGE = 50_000;

  /** A small frame, one larger than what is read ahead, and a small one. */
  private static byte[] three() throws IOException {
    float[] many = new float[LARGE];
    many[LARGE - 1] = LARGE;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    FrameChannel out = channel(InputStream.nullInputStream(), all);
    FrameWriter writer = new FrameWriter(true);
    out.write(writer, run(1, BytesTensor.ofTexts("text", "a", "😀")));
    out.write(writer, run(2, Tensors.fp32("x", Shape.of(LARGE), many)));
    out.write(writer, run(3, Tensors.int64("n", Shape.of(), 7)));
    return all.toByteArray();
  }

  private static FrameChannel channel(InputStream in, ByteArrayOutputStream out) {
    return new FrameChannel(Channels.newChannel(in), Channels.newChannel(out));
  }

  private static Message.Run run(long id, Tensor input) {
    return new Message.Run(id, List.of(input), List.of());
  }

  private static Message.Run read(FrameChannel channel, FrameInput input) throws IOException {
    return (Message.Run) Objects.requireNonNull(channel.read(input));
  }

  private static void readThree(FrameChannel channel) throws IOException {
    FrameInput input = new FrameInput();
    assertThat(read(channel, input).id()).isEqualTo(1);
    Message.Run large = read(channel, input);
    PackedTensor x = (PackedTensor) large.inputs().getFirst();
    assertThat(x.doubleAt(LARGE - 1)).isEqualTo(LARGE);
    PackedTensor n = (PackedTensor) read(channel, input).inputs().getFirst();
    assertThat(n.longAt(0)).isEqualTo(7);
    assertThat(channel.read(input)).isNull();
  }

  @Test
  void framesThatComeTogetherAreReadOneByOne() throws Exception {
    readThree(channel(new ByteArrayInputStream(three()), new ByteArrayOutputStream()));
  }

  @Test
  void aFrameMayComeInAnyPieces() throws Exception {
    InputStream pieces =
        new ByteArrayInputStream(three()) {
          private int next;

          @Override
          public synchronized int read(byte[] buffer, int offset, int length) {
            next = next % 61 + 1;
            return super.read(buffer, offset, Math.min(length, next));
          }
        };
    readThree(channel(pieces, new ByteArrayOutputStream()));
  }

  @Test
  void anEndWithinAFrameIsNoEnd() throws Exception {
    byte[] whole = three();
    for (int length : List.of(1, FrameWriter.HEADER_BYTES, 20, whole.length - 1)) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatCode(
              () -> readThree(channel(new ByteArrayInputStream(cut), new ByteArrayOutputStream())))
          .isInstanceOf(EOFException.class);
    }
  }
}
