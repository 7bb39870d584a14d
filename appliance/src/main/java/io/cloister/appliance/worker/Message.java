package io.cloister.appliance.worker;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.Tensor;
import java.util.List;

/** What server and worker say to each other: docs/format/worker-protocol.md. */
sealed interface Message {

  /**
   * The server's first: load this model.
   *
   * @param threads requests that run at once
   * @param textsMax texts that a text pipeline gives the graph at once
   */
  record Load(String folder, ModelConfig config, int threads, int textsMax) implements Message {}

  /** The answer to it. */
  record Loaded(Signature signature) implements Message {}

  /** Run the model; all outputs when none is named. */
  record Run(long id, List<Tensor> inputs, List<String> outputs) implements Message {}

  record Result(long id, List<Tensor> outputs) implements Message {}

  /**
   * No result; the worker goes on.
   *
   * @param id of the run, 0 for the load
   * @param kind of the request's content, of the model, or for want of room here
   */
  record Fault(long id, RunException.Kind kind, String reason) implements Message {}
}
