package io.cloister.repo.onnx;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The type of an input or output ({@code TypeProto}); unknown where the file states none. */
final class ValueType {
  private static final int TENSOR = 1;

  /** {@code TensorProto.DataType}, in its order. */
  private static final List<String> ELEMENTS =
      List.of(
          "UNDEFINED",
          "FLOAT",
          "UINT8",
          "INT8",
          "UINT16",
          "INT16",
          "INT32",
          "INT64",
          "STRING",
          "BOOL",
          "FLOAT16",
          "DOUBLE",
          "UINT32",
          "UINT64",
          "COMPLEX64",
          "COMPLEX128",
          "BFLOAT16");

  /** Those that a request's tensors and ONNX Runtime's Java interface have in common. */
  private static final Set<String> IN =
      Set.of(
          "FLOAT", "UINT8", "INT8", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16",
          "DOUBLE");

  private static final Set<String> OUT = Set.of("UINT16", "UINT32", "UINT64");

  private int kind;
  private long element;

  void read(ProtoReader proto, int type) throws OnnxRefused, IOException {
    proto.message(
        type,
        (field, of) -> {
          if (field == TENSOR) {
            kind = field;
            proto.message(of, (inner, as) -> readTensor(proto, inner, as));
          } else {
            kind = isKind(field) ? field : kind;
            proto.skip(of);
          }
        });
  }

  private void readTensor(ProtoReader proto, int field, int type) throws OnnxRefused, IOException {
    if (field == 1) {
      element = proto.number(type);
    } else {
      proto.skip(type);
    }
  }

  private static boolean isKind(int field) {
    return !kind(field).isEmpty();
  }

  private static String kind(int field) {
    return switch (field) {
      case TENSOR -> "tensor";
      case 4 -> "sequence";
      case 5 -> "map";
      case 7 -> "opaque value";
      case 8 -> "sparse tensor";
      case 9 -> "optional value";
      default -> "";
    };
  }

  void checkInput(String name) throws OnnxRefused {
    check("input", name, IN.contains(elementName()));
  }

  void checkOutput(String name) throws OnnxRefused {
    check("output", name, IN.contains(elementName()) || OUT.contains(elementName()));
  }

  private void check(String what, String name, boolean known) throws OnnxRefused {
    boolean stated = kind != 0;
    if (stated && kind != TENSOR) {
      throw refused(what, name, "is a " + kind(kind));
    }
    if (stated && !known) {
      throw refused(what, name, "is of " + elementName());
    }
  }

  private static OnnxRefused refused(String what, String name, String is) {
    return new OnnxRefused(
        "its %s '%s' %s, which no request carries here".formatted(what, Printable.of(name), is));
  }

  private String elementName() {
    return element >= 0 && element < ELEMENTS.size()
        ? ELEMENTS.get((int) element)
        : "element type " + element;
  }
}
