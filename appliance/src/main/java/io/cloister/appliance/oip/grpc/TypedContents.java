package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.oip.RawData;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** InferTensorContents (OIP v2, gRPC, "Tensor Data"): values by the kind of their datatype. */
final class TypedContents {
  private static final long UINT32_MAX = 0xFFFF_FFFFL;

  private final InputMessage input;
  private final HeapShare heap;

  TypedContents(InputMessage input, HeapShare heap) {
    this.input = input;
    this.heap = heap;
  }

  Tensor tensor() {
    if (input.datatype() == Datatype.FP16) {
      throw RawData.refused(
          "input '%s': there are no contents of FP16; send raw_input_contents"
              .formatted(input.name()));
    }
    return input.datatype() == Datatype.BYTES ? texts() : numbers();
  }

  private int field() {
    return switch (input.datatype()) {
      case BOOL -> 1;
      case INT8, INT16, INT32 -> 2;
      case INT64 -> 3;
      case UINT8, UINT16, UINT32 -> 4;
      case UINT64 -> 5;
      case FP32 -> 6;
      case FP64 -> 7;
      case BYTES -> 8;
      case FP16 -> 0;
    };
  }

  private boolean next(ProtoReader contents) {
    boolean found = contents.next();
    if (found && contents.field() != field()) {
      throw RawData.refused(
          "input '%s': the contents of %s are field %d of InferTensorContents, not %d"
              .formatted(input.name(), input.datatype(), field(), contents.field()));
    }
    return found;
  }

  private Tensor texts() {
    List<byte[]> texts = new ArrayList<>();
    for (ByteBuffer part : input.contents()) {
      ProtoReader contents = new ProtoReader(part);
      while (next(contents)) {
        ByteBuffer text = contents.bytes();
        if (texts.size() == DataReader.TEXTS_MAX) {
          throw RawData.refused(
              "input '%s': a tensor has at most %d texts"
                  .formatted(input.name(), DataReader.TEXTS_MAX));
        }
        heap.take((long) text.remaining() + Tensor.ARRAY_BYTES);
        byte[] bytes = new byte[text.remaining()];
        text.get(bytes);
        texts.add(bytes);
      }
    }
    if (texts.size() != input.shape().elements()) {
      throw misfit(String.valueOf(texts.size()));
    }
    return new BytesTensor(input.name(), input.shape(), texts);
  }

  private Tensor numbers() {
    long sent = input.contents().stream().mapToLong(ByteBuffer::remaining).sum();
    int elements = input.shape().elements();
    if (elements > sent) {
      throw misfit("fewer");
    }
    long bytes = (long) elements * input.datatype().elementBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw RawData.refused(
          "input '%s': %s of shape %s takes %d bytes, more than a tensor may have"
              .formatted(input.name(), input.datatype(), input.shape(), bytes));
    }
    heap.take(bytes);
    ByteBuffer data = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (ByteBuffer part : input.contents()) {
      ProtoReader contents = new ProtoReader(part);
      while (next(contents)) {
        add(contents, data);
      }
    }
    if (data.hasRemaining()) {
      throw misfit(String.valueOf(data.position() / input.datatype().elementBytes()));
    }
    return new PackedTensor(input.name(), input.datatype(), input.shape(), data.flip());
  }

  private void add(ProtoReader contents, ByteBuffer data) {
    if (input.datatype() == Datatype.FP32 || input.datatype() == Datatype.FP64) {
      ByteBuffer all = contents.fixed(input.datatype().elementBytes()).rest();
      if (all.remaining() > data.remaining()) {
        throw misfit("more");
      }
      data.put(all);
      return;
    }
    ProtoReader.Packed values = contents.numbers();
    while (values.more()) {
      if (!data.hasRemaining()) {
        throw misfit("more");
      }
      add(values.next(), data);
    }
  }

  private void add(long value, ByteBuffer data) {
    switch (input.datatype()) {
      case BOOL -> data.put((byte) (value == 0 ? 0 : 1));
      case INT8 -> data.put((byte) within(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> data.put((byte) within(value, 0, 0xFF));
      case INT16 -> data.putShort((short) within(value, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> data.putShort((short) within(value, 0, 0xFFFF));
      case INT32 -> data.putInt((int) within(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> data.putInt((int) within(value, 0, UINT32_MAX));
      case INT64, UINT64 -> data.putLong(value);
      case FP16, FP32, FP64, BYTES -> throw new IllegalStateException("no whole numbers");
    }
  }

  private long within(long value, long least, long most) {
    if (value < least || value > most) {
      throw RawData.refused(
          "input '%s': expected a whole number within its range for %s, got %d"
              .formatted(input.name(), input.datatype(), value));
    }
    return value;
  }

  private HttpException misfit(String has) {
    return RawData.refused(
        "input '%s': shape %s takes %d elements, contents has %s"
            .formatted(input.name(), input.shape(), input.shape().elements(), has));
  }
}
