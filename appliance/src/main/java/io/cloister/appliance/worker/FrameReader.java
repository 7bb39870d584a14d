package io.cloister.appliance.worker;

import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of one frame. The other side may be hostile: every length is checked against what
 * is there before anything is allocated for it. Packed tensors are views of the body, not copies.
 */
final class FrameReader {
  /** About what a tensor takes beside its data. */
  private static final int TENSOR_BYTES = 512;

  private final ByteBuffer body;
  private final Heap heap;

  /** Where is counted what is read in the form of objects. */
  interface Heap {
    void take(long bytes) throws FrameException;
  }

  FrameReader(ByteBuffer body, Heap heap) {
    this.body = body.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.heap = heap;
  }

  int u8() throws FrameException {
    return need(1).get() & 0xFF;
  }

  int i32() throws FrameException {
    return need(Integer.BYTES).getInt();
  }

  long i64() throws FrameException {
    return need(Long.BYTES).getLong();
  }

  String text() throws FrameException {
    int length = need(Short.BYTES).getShort() & 0xFFFF;
    return new String(bytes(length), StandardCharsets.UTF_8);
  }

  List<String> texts() throws FrameException {
    int count = count(Short.BYTES);
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  List<Tensor> tensors() throws FrameException {
    int count = count(Short.BYTES + 2);
    heap.take((long) count * TENSOR_BYTES);
    List<Tensor> tensors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tensors.add(tensor());
    }
    return tensors;
  }

  void end() throws FrameException {
    if (body.hasRemaining()) {
      throw new FrameException(body.remaining() + " bytes after the end of a message");
    }
  }

  private Tensor tensor() throws FrameException {
    String name = text();
    Datatype datatype = datatype();
    Shape shape = shape();
    return datatype == Datatype.BYTES ? strings(name, shape) : packed(name, datatype, shape);
  }

  Datatype datatype() throws FrameException {
    int code = u8();
    return Datatype.find(code).orElseThrow(() -> new FrameException("unknown datatype " + code));
  }

  private Shape shape() throws FrameException {
    int rank = u8();
    List<Long> dims = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      dims.add(i64());
    }
    try {
      return new Shape(dims);
    } catch (IllegalArgumentException e) {
      throw new FrameException(String.valueOf(e.getMessage()));
    }
  }

  private Tensor packed(String name, Datatype datatype, Shape shape) throws FrameException {
    while (body.position() % FrameWriter.ALIGNMENT != 0) {
      u8();
    }
    long length = (long) shape.elements() * datatype.elementBytes();
    if (length > body.remaining()) {
      throw new FrameException("a tensor of " + length + " bytes in a shorter frame");
    }
    ByteBuffer data = body.slice(body.position(), (int) length);
    body.position(body.position() + (int) length);
    return new PackedTensor(name, datatype, shape, data);
  }

  private Tensor strings(String name, Shape shape) throws FrameException {
    int elements = shape.elements();
    need((long) elements * Integer.BYTES);
    heap.take((long) elements * Tensor.ARRAY_BYTES + body.remaining());
    List<byte[]> values = new ArrayList<>(elements);
    for (int i = 0; i < elements; i++) {
      values.add(bytes(i32()));
    }
    return new BytesTensor(name, shape, values);
  }

  private byte[] bytes(int length) throws FrameException {
    if (length < 0) {
      throw new FrameException("a negative length");
    }
    ByteBuffer source = need(length);
    byte[] bytes = new byte[length];
    source.get(bytes);
    return bytes;
  }

  private int count(int elementBytesMin) throws FrameException {
    int count = i32();
    if (count < 0) {
      throw new FrameException("a negative count");
    }
    need((long) count * elementBytesMin);
    return count;
  }

  private ByteBuffer need(long bytes) throws FrameException {
    if (bytes > body.remaining()) {
      throw new FrameException("a frame ends early");
    }
    return body;
  }
}
