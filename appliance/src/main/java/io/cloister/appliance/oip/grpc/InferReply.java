package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.oip.Classification;
import io.cloister.appliance.oip.RawData;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * ModelInferResponse (OIP v2, gRPC, "ModelInfer"). Tensors are always raw_output_contents, as
 * Triton's are: numbers go from the worker to the caller as they are.
 */
final class InferReply {
  private InferReply() {}

  /**
   * @param heap where what is not a tensor of the result is counted
   */
  static ProtoWriter encode(InferQuestion asked, InferenceResult result, HeapShare heap) {
    ProtoWriter reply =
        new ProtoWriter()
            .text(1, result.modelName())
            .text(2, result.modelVersion())
            .text(3, asked.id());
    List<Tensor> tensors = new ArrayList<>();
    for (Tensor output : result.outputs()) {
      int classes = asked.classes(output.name());
      tensors.add(classes == 0 ? output : Classification.highest(output, classes, heap));
    }
    for (Tensor tensor : tensors) {
      reply.message(
          5,
          output ->
              output
                  .text(1, tensor.name())
                  .text(2, tensor.datatype().name())
                  .numbers(3, tensor.shape().dims()));
    }
    tensors.forEach(tensor -> reply.content(6, raw(tensor, heap)));
    return reply;
  }

  private static ByteBuffer raw(Tensor tensor, HeapShare heap) {
    return switch (tensor) {
      case PackedTensor packed -> packed.data();
      case BytesTensor texts -> {
        int bytes = RawData.bytes(texts);
        heap.take(bytes);
        ByteBuffer all = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        RawData.put(texts, all);
        yield all.flip();
      }
    };
  }
}
