package io.cloister.appliance.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import io.cloister.appliance.worker.RunException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server of 32 MiB takes from its workers: 4 MiB for one answer, 8 for all. */
class AnswerStreamTest {
  private static final int MIB = 1 << 20;

  private final AnswerRoom room = new AnswerRoom(32 * MIB);

  private AnswerStream stream(Message... messages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FrameWriter writer = new FrameWriter(false);
    for (Message message : messages) {
      ByteBuffer frame = MessageCodec.encode(writer, message);
      bytes.write(frame.array(), frame.arrayOffset(), frame.remaining());
    }
    return new AnswerStream(new ByteArrayInputStream(bytes.toByteArray()), room);
  }

  private static Message.Result result(long id, Tensor... outputs) {
    return new Message.Result(id, List.of(outputs));
  }

  private static Tensor floats(int bytes) {
    return Tensors.fp32("y", Shape.of(bytes / 4), new float[bytes / 4]);
  }

  private static Tensor texts(int count) {
    return new BytesTensor("y", Shape.of(count), Collections.nCopies(count, new byte[0]));
  }

  private static void assertFault(Message answer, long id, Kind kind, String... words) {
    assertThat(answer).isInstanceOf(Message.Fault.class);
    Message.Fault fault = (Message.Fault) answer;
    assertThat(fault.id()).isEqualTo(id);
    assertThat(fault.kind()).isEqualTo(kind);
    assertThat(fault.reason()).contains(words);
  }

  @Test
  void aResultThatIsTooLongIsAFaultOfItsRunAndTheNextIsRead() throws Exception {
    AnswerStream answers =
        stream(result(1, floats(5 * MIB)), result(2, floats(3 * MIB)), result(3, floats(8)));
    assertFault(answers.read().orElseThrow(), 1, Kind.MODEL, "4194304 bytes", "fewer rows");
    assertThat(answers.read()).get().isInstanceOf(Message.Result.class);
    assertThat(answers.read()).get().isInstanceOf(Message.Result.class);
    assertThat(answers.read()).isEmpty();
  }

  @Test
  void textsAndTensorsCountWithWhatTheyTakeOfTheHeap() throws Exception {
    Tensor[] scalars = Collections.nCopies(10_000, floats(4)).toArray(Tensor[]::new);
    AnswerStream answers = stream(result(1, texts(150_000)), result(2, scalars), result(3));
    assertFault(answers.read().orElseThrow(), 1, Kind.MODEL, "fewer rows");
    assertFault(answers.read().orElseThrow(), 2, Kind.MODEL, "fewer rows");
    assertThat(answers.read()).get().isInstanceOf(Message.Result.class);
  }

  @Test
  void workersTogetherTakeAsMuchAsThereIsAndGiveItBack() throws Exception {
    AnswerStream first = stream(result(1, floats(3 * MIB)), result(2));
    AnswerStream second = stream(result(3, floats(3 * MIB)));
    AnswerStream third = stream(result(4, floats(3 * MIB)), result(5, floats(3 * MIB)));
    assertThat(first.read()).get().isInstanceOf(Message.Result.class);
    assertThat(second.read()).get().isInstanceOf(Message.Result.class);
    assertFault(third.read().orElseThrow(), 4, Kind.NO_ROOM, "other answers", "3145");
    first.read();
    assertThat(third.read()).get().isInstanceOf(Message.Result.class);
  }

  @Test
  void aLongFrameThatIsNoResultIsRefusedBeforeItsBytes() throws Exception {
    ByteBuffer header = ByteBuffer.allocate(FrameWriter.HEADER_BYTES);
    header.order(ByteOrder.LITTLE_ENDIAN).putInt(2 * MIB).putInt(3).putLong(0);
    AnswerStream answers = new AnswerStream(new ByteArrayInputStream(header.array()), room);
    assertThatThrownBy(answers::read)
        .isInstanceOf(FrameException.class)
        .hasMessageContaining("2097152 bytes that is no result");
  }
}
