package io.cloister.appliance.worker;

import ai.onnxruntime.OrtException;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;

/** What a worker serves: a bare graph, or a graph behind a text pipeline. Thread-safe. */
sealed interface WorkerModel extends AutoCloseable permits OnnxGraph, EmbeddingModel {
  Signature signature();

  /**
   * Runs the model.
   *
   * @param outputs the names wanted, in that order; all when empty
   */
  List<Tensor> run(List<Tensor> inputs, List<String> outputs) throws OrtException, ContentFault;

  @Override
  void close() throws OrtException;
}
