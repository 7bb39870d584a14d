package io.cloister.appliance.oip;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads tensors that follow the JSON, one after the other: little-endian, in row-major order; BYTES
 * as their length in 4 bytes, then themselves (KServe, "Binary Tensor Data Extension").
 */
final class BinaryReader {
  /** A length is only words until the bytes are there: beyond this, memory grows with them. */
  private static final int BYTES_TRUSTED = 256 << 10;

  private final InputStream body;
  private final boolean announced;
  private final HeapShare heap;

  /**
   * @param announced whether the header said where the JSON ends
   */
  BinaryReader(InputStream body, boolean announced, HeapShare heap) {
    this.body = body;
    this.announced = announced;
    this.heap = heap;
  }

  /** The next {@code bytes} as that tensor. */
  Tensor read(String name, Datatype datatype, Shape shape, int bytes) {
    if (!announced) {
      throw RawData.refused(
          ("input '%s' is said to follow the JSON (binary_data_size), but the header"
                  + " Inference-Header-Content-Length, which says where that is, was not sent")
              .formatted(name));
    }
    long expected = (long) shape.elements() * datatype.elementBytes();
    if (datatype != Datatype.BYTES && expected != bytes) {
      throw RawData.refused(
          "input '%s': %s of shape %s takes %d bytes, \"binary_data_size\" is %d"
              .formatted(name, datatype, shape, expected, bytes));
    }
    return RawData.tensor(name, datatype, shape, next(name, bytes), heap);
  }

  private ByteBuffer next(String name, int bytes) {
    try {
      boolean few = bytes <= BYTES_TRUSTED;
      byte[] read = few ? new byte[bytes] : body.readNBytes(bytes);
      if ((few ? body.readNBytes(read, 0, bytes) : read.length) != bytes) {
        throw RawData.refused(
            "the body ends within the data of input '%s'; its binary_data_size is not what follows"
                .formatted(name));
      }
      return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void expectEnd() {
    try {
      if (body.read() >= 0) {
        throw RawData.refused("the body goes on after the data of the last input");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
