package io.cloister.appliance.worker;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An ONNX graph in an ONNX Runtime session: tensors in, tensors out. */
final class OnnxGraph implements WorkerModel {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Signature signature;

  private OnnxGraph(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    this.signature =
        new Signature(
            OnnxTypes.specs(session.getInputInfo().values(), true),
            OnnxTypes.specs(session.getOutputInfo().values(), false));
  }

  /** By path, not from bytes: external data is found beside the graph and cannot leave it. */
  static OnnxGraph open(OrtEnvironment environment, Path graph, ModelConfig.Session settings)
      throws OrtException {
    try (OrtSession.SessionOptions options = options(settings)) {
      return new OnnxGraph(environment, environment.createSession(graph.toString(), options));
    }
  }

  private static OrtSession.SessionOptions options(ModelConfig.Session settings)
      throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(settings.intraOpThreads());
    options.setInterOpNumThreads(1);
    // Spinning threads double the CPU time on a small machine.
    options.addConfigEntry("session.intra_op.allow_spinning", settings.spinning() ? "1" : "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    if (!settings.disabledOptimizers().isEmpty()) {
      options.addConfigEntry(
          "optimization.disable_specified_optimizers",
          String.join(";", settings.disabledOptimizers()));
    }
    return options;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs, List<String> outputs)
      throws OrtException, ContentFault {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (Tensor input : inputs) {
        given.put(input.name(), OnnxTypes.toOnnx(environment, input));
      }
      Set<String> wanted =
          outputs.isEmpty() ? session.getOutputNames() : new LinkedHashSet<>(outputs);
      try (OrtSession.Result result = session.run(given, wanted)) {
        return tensors(result);
      }
    } finally {
      close(given.values());
    }
  }

  private static List<Tensor> tensors(OrtSession.Result result) throws OrtException, ContentFault {
    List<Tensor> tensors = new ArrayList<>(result.size());
    for (Map.Entry<String, OnnxValue> output : result) {
      tensors.add(OnnxTypes.toTensor(output.getKey(), output.getValue()));
    }
    return tensors;
  }

  private static void close(Collection<OnnxTensor> tensors) {
    tensors.forEach(OnnxTensor::close);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
