package io.cloister.repo.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes ONNX files field by field, so that a test can write a wrong one. */
final class Onnx {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static Onnx message() {
    return new Onnx();
  }

  /** A model with that graph. */
  static Onnx model(Onnx graph) {
    return message().number(1, 8).field(7, graph);
  }

  /** A node of that operator, of ONNX itself where the domain is empty. */
  static Onnx node(String operator, String domain) {
    return message().text(1, "x").text(2, "y").text(4, operator).text(7, domain);
  }

  /** An input or output that is a tensor of that element type. */
  static Onnx tensor(String name, int element) {
    return message().text(1, name).field(2, message().field(1, message().number(1, element)));
  }

  /** A constant whose data lies in another file. */
  static Onnx external(String location, String offset, String length) {
    return message()
        .text(8, "weights")
        .field(13, message().text(1, "location").text(2, location))
        .field(13, message().text(1, "offset").text(2, offset))
        .field(13, message().text(1, "length").text(2, length))
        .number(14, 1);
  }

  Onnx number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  Onnx field(int field, Onnx message) {
    return data(field, message.bytes());
  }

  Onnx text(int field, String text) {
    return data(field, text.getBytes(StandardCharsets.UTF_8));
  }

  Onnx data(int field, byte[] data) {
    varint(((long) field << 3) | 2);
    varint(data.length);
    bytes.writeBytes(data);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
