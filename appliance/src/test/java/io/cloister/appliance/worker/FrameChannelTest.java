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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameChannelTest {
  private static final int LARGE = 600_000;

  /** A small frame, one larger than what is read ahead, and a small one. */
  private static byte[] three(boolean results) throws IOException {
    float[] many = new float[LARGE];
    many[LARGE - 1] = LARGE;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    FrameChannel out = channel(InputStream.nullInputStream(), all);
    FrameWriter writer = new FrameWriter(true);
    out.write(writer, message(results, 1, BytesTensor.ofTexts("text", "a", "😀")));
    out.write(writer, message(results, 2, Tensors.fp32("x", Shape.of(LARGE), many)));
    out.write(writer, message(results, 3, Tensors.int64("n", Shape.of(), 7)));
    return all.toByteArray();
  }

  private static FrameChannel channel(InputStream in, ByteArrayOutputStream out) {
    return new FrameChannel(Channels.newChannel(in), Channels.newChannel(out));
  }

  private static Message message(boolean result, long id, Tensor tensor) {
    return result
        ? new Message.Result(id, List.of(tensor))
        : new Message.Run(id, List.of(tensor), List.of());
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

  /** The tensor of the next message, which has that number. */
  private static Tensor tensor(long id, Next next) throws IOException {
    return switch (Objects.requireNonNull(next.read())) {
      case Message.Run run when run.id() == id -> run.inputs().getFirst();
      case Message.Result result when result.id() == id -> result.outputs().getFirst();
      case Message other -> throw new AssertionError(other);
    };
  }

  private static void readThree(Next next) throws IOException {
    assertThat(tensor(1, next)).isInstanceOf(BytesTensor.class);
    PackedTensor x = (PackedTensor) tensor(2, next);
    assertThat(x.doubleAt(LARGE - 1)).isEqualTo(LARGE);
    PackedTensor n = (PackedTensor) tensor(3, next);
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
    readThree(worker(new ByteArrayInputStream(three(false))));
    readThree(server(new ByteArrayInputStream(three(true))));
  }

  @Test
  void aLargeFrameCostsItsSizeUntilTheNextIsAwaited() throws Exception {
    Message large = message(false, 1, Tensors.fp32("x", Shape.of(2 << 20), new float[2 << 20]));
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    FrameWriter writer = new FrameWriter(true);
    channel(InputStream.nullInputStream(), sent).write(writer, large);
    Message small = message(false, 2, Tensors.int64("n", Shape.of(), 7));
    assertThat(MessageCodec.encode(writer, small).capacity()).isLessThan(1 << 20);

    FrameInput input = new FrameInput();
    FrameChannel in = channel(new ByteArrayInputStream(sent.toByteArray()), sent);
    assertThat(in.read(input)).isInstanceOf(Message.Run.class);
    assertThat(input.take(1).capacity()).isGreaterThan(8 << 20);
    assertThat(in.read(input)).isNull();
    assertThat(input.take(1).capacity()).isLessThan(1 << 20);
  }

  @Test
  void aFrameMayComeInAnyPieces() throws Exception {
    readThree(worker(pieces(three(false))));
    readThree(server(pieces(three(true))));
  }

  @Test
  void anEndWithinAFrameIsNoEnd() throws Exception {
    assertCutsAreFound(three(false), FrameChannelTest::worker);
    assertCutsAreFound(three(true), FrameChannelTest::server);
  }

  private static void assertCutsAreFound(byte[] whole, Function<InputStream, Next> end) {
    for (int length :
        List.of(1, FrameWriter.HEADER_BYTES, 20, whole.length / 2, whole.length - 1)) {
      InputStream cut = new ByteArrayInputStream(whole, 0, length);
      assertThatCode(() -> readThree(end.apply(cut))).isInstanceOf(EOFException.class);
    }
  }
}
