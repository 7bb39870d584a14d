package io.cloister.appliance.worker;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** ONNX Runtime's tensors and ours. */
final class OnnxTypes {
  private OnnxTypes() {}

  /**
   * @param inputs whether they are inputs: ONNX Runtime's Java interface cannot make them all
   */
  static List<TensorSpec> specs(Collection<NodeInfo> nodes, boolean inputs) throws OrtException {
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : nodes) {
      if (!(node.getInfo() instanceof TensorInfo info)) {
        throw new OrtException("tensor " + node.getName() + " is a sequence or map: unsupported");
      }
      Optional<Datatype> datatype = datatype(info.onnxType);
      if (datatype.isEmpty() || (inputs && javaType(datatype.get()).isEmpty())) {
        throw new OrtException(
            "tensor " + node.getName() + " has an unsupported datatype: " + info.onnxType);
      }
      List<Long> dims =
          LongStream.of(info.getShape()).map(dim -> Math.max(dim, -1)).boxed().toList();
      List<String> symbols = new ArrayList<>();
      for (int i = 0; i < dims.size(); i++) {
        String[] names = info.getDimensionNames();
        symbols.add(names != null && i < names.length && names[i] != null ? names[i] : "");
      }
      specs.add(new TensorSpec(node.getName(), datatype.get(), dims, symbols));
    }
    return specs;
  }

  private static Optional<Datatype> datatype(TensorInfo.OnnxTensorType type) {
    return switch (type) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(Datatype.BOOL);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(Datatype.UINT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(Datatype.UINT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(Datatype.UINT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(Datatype.UINT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(Datatype.INT8);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(Datatype.INT16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(Datatype.INT32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(Datatype.INT64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(Datatype.FP16);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(Datatype.FP32);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(Datatype.FP64);
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Optional.of(Datatype.BYTES);
      default -> Optional.empty();
    };
  }

  private static Optional<OnnxJavaType> javaType(Datatype datatype) {
    return switch (datatype) {
      case BOOL -> Optional.of(OnnxJavaType.BOOL);
      case UINT8 -> Optional.of(OnnxJavaType.UINT8);
      case INT8 -> Optional.of(OnnxJavaType.INT8);
      case INT16 -> Optional.of(OnnxJavaType.INT16);
      case INT32 -> Optional.of(OnnxJavaType.INT32);
      case INT64 -> Optional.of(OnnxJavaType.INT64);
      case FP16 -> Optional.of(OnnxJavaType.FLOAT16);
      case FP32 -> Optional.of(OnnxJavaType.FLOAT);
      case FP64 -> Optional.of(OnnxJavaType.DOUBLE);
      case BYTES -> Optional.of(OnnxJavaType.STRING);
      case UINT16, UINT32, UINT64 -> Optional.empty();
    };
  }

  /** Packed data in a direct buffer is used in place; the caller keeps it until the run is over. */
  static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor)
      throws OrtException, ContentFault {
    long[] shape = tensor.shape().toArray();
    return switch (tensor) {
      case PackedTensor packed ->
          OnnxTensor.createTensor(
              environment,
              packed.data(),
              shape,
              javaType(packed.datatype())
                  .orElseThrow(() -> new ContentFault("datatype " + packed.datatype())));
      case BytesTensor bytes ->
          OnnxTensor.createTensor(environment, OnnxStrings.toJava(bytes), shape);
    };
  }

  static Tensor toTensor(String name, OnnxValue value) throws OrtException, ContentFault {
    if (!(value instanceof OnnxTensor tensor)) {
      throw new OrtException("output " + name + " is no tensor");
    }
    Shape shape = Shape.of(tensor.getInfo().getShape());
    Datatype datatype = datatype(tensor.getInfo().onnxType).orElseThrow();
    if (datatype == Datatype.BYTES) {
      return new BytesTensor(name, shape, OnnxStrings.fromJava(name, tensor.getValue()));
    }
    ByteBuffer data = tensor.getByteBuffer();
    return new PackedTensor(name, datatype, shape, data.order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The elements of nested arrays, in row-major order. */
  static Stream<String> flatten(Object nested) {
    return nested instanceof Object[] array
        ? Stream.of(array).flatMap(OnnxTypes::flatten)
        : Stream.of((String) nested);
  }
}
