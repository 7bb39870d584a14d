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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameChannelTest {
  private static final int LARGE = 600_000;

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

  /** Either end's. */
  private interface Next {
    @Nullable Message read() throws IOException;
  }

  private static Next worker(InputStream in) {
    FrameChannel channel = channel(in, new ByteArrayOutputStream());
    FrameInput input = new FrameInput();
    return () -> channel.read(input);
  }

  private static Next server(InputStream in) {
    AnswerStream answers = new AnswerStream(in);
    return () -> answers.read().orElse(null);
  }

  private static Message.Run run(Next next) throws IOException {
    return (Message.Run) Objects.requireNonNull(next.read());
  }

  private static void readThree(Next next) throws IOException {
    assertThat(run(next).id()).isEqualTo(1);
    PackedTensor x = (PackedTensor) run(next).inputs().getFirst();
    assertThat(x.doubleAt(LARGE - 1)).isEqualTo(LARGE);
    PackedTensor n = (PackedTensor) run(next).inputs().getFirst();
    assertThat(n.longAt(0)).isEqualTo(7);
    assertThat(next.read()).isNull();
  }

  private static InputStream pieces(byte[] bytes) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      private int next;

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        next = next % 61 + 1;
        return super.read(buffer, offset, Math.min(length, next));
      }
    };
  }

  @Test
  void framesThatComeTogetherAreReadOneByOne() throws Exception {
    readThree(worker(new ByteArrayInputStream(three())));
    readThree(server(new ByteArrayInputStream(three())));
  }

  @Test
  void aFrameMayComeInAnyPieces() throws Exception {
    readThree(worker(pieces(three())));
    readThree(server(pieces(three())));
  }

  @Test
  void anEndWithinAFrameIsNoEnd() throws Exception {
    byte[] whole = three();
    for (int length :
        List.of(1, FrameWriter.HEADER_BYTES, 20, whole.length / 2, whole.length - 1)) {
      InputStream cut = new ByteArrayInputStream(whole, 0, length);
      assertThatCode(() -> readThree(worker(cut))).isInstanceOf(EOFException.class);
      InputStream again = new ByteArrayInputStream(whole, 0, length);
      assertThatCode(() -> readThree(server(again))).isInstanceOf(EOFException.class);
    }
  }
}
