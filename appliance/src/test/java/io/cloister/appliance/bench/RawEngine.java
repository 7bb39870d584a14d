package io.cloister.appliance.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** ONNX Runtime in this process, with nothing between it and the caller: the limit. */
public final class RawEngine implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private RawEngine(Path graph, OrtSession.SessionOptions options) throws OrtException {
    this.session = environment.createSession(graph.toString(), options);
  }

  /** As one opens a session without a word about options. */
  public static RawEngine byDefault(Path graph) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      return new RawEngine(graph, options);
    }
  }

  /** With the options that the appliance's worker takes for the same model. */
  public static RawEngine tuned(Path graph, String disabledOptimizers) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      if (!disabledOptimizers.isEmpty()) {
        options.addConfigEntry("optimization.disable_specified_optimizers", disabledOptimizers);
      }
      return new RawEngine(graph, options);
    }
  }

  /** Runs once; the first output, copied out as a caller needs it. */
  public float[] run(Inputs inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Inputs.Input input : inputs.list()) {
        tensors.put(input.name(), tensor(input));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        FloatBuffer floats = floats(result);
        float[] copy = new float[floats.remaining()];
        floats.get(copy);
        return copy;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static FloatBuffer floats(OrtSession.Result result) {
    for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
      if (output.getValue() instanceof OnnxTensor tensor && tensor.getFloatBuffer() != null) {
        return tensor.getFloatBuffer();
      }
    }
    return FloatBuffer.allocate(0);
  }

  private OnnxTensor tensor(Inputs.Input input) throws OrtException {
    return input.isFloat()
        ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.floats()), input.shape())
        : OnnxTensor.createTensor(environment, LongBuffer.wrap(input.longs()), input.shape());
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
