package io.cloister.appliance.oip;

import io.cloister.appliance.http.AnswerBytes;
import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors as their bytes: little-endian, in row-major order; BYTES as their length in 4 bytes, then
 * themselves (KServe, "Binary Tensor Data Extension"; OIP v2, "Raw Tensor Contents").
 */
public final class RawData {
  /** Each costs an object, however short it is. */
  private static final int TENSORS_MAX = 1_024;

  private RawData() {}

  public static HttpException refused(String message) {
    return new HttpException(message, Status.BAD_REQUEST_400, true);
  }

  /** Of the inputs of a request, or of the outputs that it wants. */
  public static void checkCount(int tensors) {
    if (tensors > TENSORS_MAX) {
      throw refused("a request has at most %d tensors".formatted(TENSORS_MAX));
    }
  }

  /**
   * That data as a tensor, which numbers fill exactly.
   *
   * @param heap where it is counted that each text is an object, however short
   */
  public static Tensor tensor(
      String name, Datatype datatype, Shape shape, ByteBuffer data, HeapShare heap) {
    if (datatype == Datatype.BYTES) {
      long texts = Math.min(shape.elements(), data.remaining() / Integer.BYTES);
      heap.take(texts * Tensor.ARRAY_BYTES);
      return new BytesTensor(name, shape, texts(name, shape, data));
    }
    if (datatype == Datatype.BOOL) {
      checkBooleans(name, data.duplicate());
    }
    return new PackedTensor(name, datatype, shape, data);
  }

  /** Another value would be neither to the model. */
  private static void checkBooleans(String name, ByteBuffer data) {
    while (data.hasRemaining()) {
      byte value = data.get();
      if (value != 0 && value != 1) {
        throw refused("input '%s': a BOOL is a byte 0 or 1, not %d".formatted(name, value & 0xFF));
      }
    }
  }

  private static List<byte[]> texts(String name, Shape shape, ByteBuffer data) {
    if (shape.elements() > DataReader.TEXTS_MAX) {
      throw refused(
          "input '%s': a tensor has at most %d texts, shape %s has %d"
              .formatted(name, DataReader.TEXTS_MAX, shape, shape.elements()));
    }
    List<byte[]> texts = new ArrayList<>();
    while (data.hasRemaining() && texts.size() < shape.elements()) {
      long length = data.remaining() < Integer.BYTES ? -1 : data.getInt() & 0xFFFF_FFFFL;
      if (length < 0 || length > data.remaining()) {
        throw refused(
            "input '%s': element %d of BYTES is cut: a length of 4 bytes, then as many bytes"
                .formatted(name, texts.size()));
      }
      byte[] text = new byte[(int) length];
      data.get(text);
      texts.add(text);
    }
    if (texts.size() != shape.elements() || data.hasRemaining()) {
      throw refused(
          "input '%s': shape %s takes %d elements, data has %s"
              .formatted(
                  name,
                  shape,
                  shape.elements(),
                  data.hasRemaining() ? "more" : String.valueOf(texts.size())));
    }
    return texts;
  }

  /** How long it is. */
  public static int bytes(Tensor tensor) {
    return switch (tensor) {
      case PackedTensor packed -> packed.data().remaining();
      case BytesTensor texts ->
          texts.values().stream()
              .mapToInt(text -> Integer.BYTES + text.length)
              .reduce(0, Math::addExact);
    };
  }

  /** Puts texts one after the other. */
  public static void put(BytesTensor texts, ByteBuffer all) {
    texts.values().forEach(text -> all.putInt(text.length).put(text));
  }

  /** Numbers stay where they are. */
  static void add(Tensor tensor, AnswerBytes answer) {
    switch (tensor) {
      case PackedTensor packed -> answer.add(packed.data());
      case BytesTensor texts -> {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] text : texts.values()) {
          length.putInt(0, text.length);
          answer.write(length.array(), 0, Integer.BYTES);
          answer.write(text, 0, text.length);
        }
      }
    }
  }
}
