package io.cloister.appliance.oip;

import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads tensors that follow the JSON, one after the other: little-endian, in row-major order; BYTES
 * as their length in 4 bytes, then themselves (KServe, "Binary Tensor Data Extension").
 */
final class BinaryReader {
  /** A length is only words until the bytes are there: beyond this, memory grows with them. */
  private static final int BYTES_TRUSTED = 256 << 10;

  private final InputStream body;
  private final boolean announced;

  /**
   * @param announced whether the header said where the JSON ends
   */
  BinaryReader(InputStream body, boolean announced) {
    this.body = body;
    this.announced = announced;
  }

  static HttpException refused(String message) {
    return new HttpException(message, Status.BAD_REQUEST_400, true);
  }

  /** The next {@code bytes} as that tensor. */
  Tensor read(String name, Datatype datatype, Shape shape, int bytes) {
    if (!announced) {
      throw refused(
          ("input '%s' is said to follow the JSON (binary_data_size), but the header"
                  + " Inference-Header-Content-Length, which says where that is, was not sent")
              .formatted(name));
    }
    long expected = (long) shape.elements() * datatype.elementBytes();
    if (datatype != Datatype.BYTES && expected != bytes) {
      throw refused(
          "input '%s': %s of shape %s takes %d bytes, \"binary_data_size\" is %d"
              .formatted(name, datatype, shape, expected, bytes));
    }
    return tensor(name, datatype, shape, next(name, bytes));
  }

  /** That data as a tensor, which it fills. */
  static Tensor tensor(String name, Datatype datatype, Shape shape, ByteBuffer data) {
    if (datatype == Datatype.BYTES) {
      return new BytesTensor(name, shape, texts(name, shape, data));
    }
    if (datatype == Datatype.BOOL) {
      checkBooleans(name, data.duplicate());
    }
    return new PackedTensor(name, datatype, shape, data);
  }

  private ByteBuffer next(String name, int bytes) {
    try {
      boolean few = bytes <= BYTES_TRUSTED;
      byte[] read = few ? new byte[bytes] : body.readNBytes(bytes);
      if ((few ? body.readNBytes(read, 0, bytes) : read.length) != bytes) {
        throw refused(
            "the body ends within the data of input '%s'; its binary_data_size is not what follows"
                .formatted(name));
      }
      return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  void expectEnd() {
    try {
      if (body.read() >= 0) {
        throw refused("the body goes on after the data of the last input");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
