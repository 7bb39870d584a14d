package io.cloister.appliance.oip;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.RequestBody;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A body without JSON that is the one input of a model, e.g. a file (KServe, "Raw Binary Request").
 */
final class RawTensor {
  private RawTensor() {}

  static InferBody read(RequestBody body, ServedModel model) {
    List<TensorSpec> inputs = model.signature().inputs();
    if (inputs.size() != 1) {
      throw RawData.refused(
          "only a model of one input takes a body without JSON; this one has the inputs "
              + inputs.stream().map(TensorSpec::name).toList());
    }
    TensorSpec input = inputs.getFirst();
    Tensor tensor = tensor(input, content(body), body.heap());
    return new InferBody(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(tensor),
        List.of(),
        InferParameters.NONE.withBinaryOutputs(true));
  }

  private static byte[] content(RequestBody body) {
    body.continuesPacked();
    try {
      return body.stream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** BYTES are one element; numbers fill the one dimension that may have any size. */
  private static Tensor tensor(TensorSpec input, byte[] content, HeapShare heap) {
    ByteBuffer data = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (input.datatype() == Datatype.BYTES) {
      ByteBuffer element = ByteBuffer.allocate(Integer.BYTES + content.length);
      element.order(ByteOrder.LITTLE_ENDIAN).putInt(content.length).put(content).flip();
      return RawData.tensor(input.name(), input.datatype(), shape(input, 1), element, heap);
    }
    long row = input.datatype().elementBytes();
    for (long dim : input.dims()) {
      row *= dim == TensorSpec.FREE ? 1 : Math.max(1, dim);
    }
    long free = input.dims().stream().filter(dim -> dim == TensorSpec.FREE).count();
    if (free > 1 || content.length % row != 0 || (free == 0 && content.length != row)) {
      throw RawData.refused(
          "the body of %d bytes is no input '%s' of %s with shape %s (-1: any size, of which one)"
              .formatted(content.length, input.name(), input.datatype(), input.dims()));
    }
    return RawData.tensor(
        input.name(), input.datatype(), shape(input, content.length / row), data, heap);
  }

  private static Shape shape(TensorSpec input, long size) {
    List<Long> dims = new ArrayList<>(input.dims());
    dims.replaceAll(dim -> dim == TensorSpec.FREE ? size : dim);
    return new Shape(dims);
  }
}
