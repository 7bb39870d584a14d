package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.oip.RawData;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * InferInputTensor (OIP v2, gRPC, "ModelInfer").
 *
 * @param contents as protobuf merges them: one after the other
 */
record InputMessage(String name, Datatype datatype, Shape shape, List<ByteBuffer> contents) {
  /** Each costs an object, however short it is; protobuf's own libraries write one. */
  private static final int CONTENTS_MAX = 16;

  static InputMessage read(ProtoReader in) {
    String name = "";
    String datatype = "";
    List<Long> dims = new ArrayList<>();
    List<ByteBuffer> contents = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> datatype = in.text();
        case 3 -> addDims(in.numbers(), dims);
        case 4 -> Parameter.read(in.message()).refuseSharedMemory();
        case 5 -> contents.add(in.bytes());
        default -> {}
      }
      if (contents.size() > CONTENTS_MAX) {
        throw RawData.refused(
            "input '%s' has its contents in more than %d parts".formatted(name, CONTENTS_MAX));
      }
    }
    return new InputMessage(name, datatype(name, datatype), shape(name, dims), contents);
  }

  private static void addDims(ProtoReader.Packed packed, List<Long> dims) {
    while (packed.more() && dims.size() <= Shape.DIMS_MAX) {
      dims.add(packed.next());
    }
  }

  private static Datatype datatype(String name, String spelled) {
    return Datatype.find(spelled)
        .orElseThrow(
            () ->
                RawData.refused(
                    "input '%s': \"%s\" is not a datatype; the datatypes are %s"
                        .formatted(name, spelled, List.of(Datatype.values()))));
  }

  private static Shape shape(String name, List<Long> dims) {
    try {
      return new Shape(dims);
    } catch (IllegalArgumentException e) {
      throw RawData.refused("input '%s': %s".formatted(name, e.getMessage()));
    }
  }

  /** Its data is that part of the message. */
  Tensor raw(ByteBuffer data, HeapShare heap) {
    if (!contents.isEmpty()) {
      throw RawData.refused("input '%s' has both contents and raw_input_contents".formatted(name));
    }
    long expected = (long) shape.elements() * datatype.elementBytes();
    if (datatype != Datatype.BYTES && expected != data.remaining()) {
      throw RawData.refused(
          "input '%s': %s of shape %s takes %d bytes, raw_input_contents has %d"
              .formatted(name, datatype, shape, expected, data.remaining()));
    }
    if (datatype == Datatype.BYTES) {
      heap.take(data.remaining()); // each is copied
    }
    return RawData.tensor(name, datatype, shape, data, heap);
  }

  Tensor typed(HeapShare heap) {
    return new TypedContents(this, heap).tensor();
  }
}
