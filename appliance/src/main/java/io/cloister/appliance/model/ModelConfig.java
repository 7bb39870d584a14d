package io.cloister.appliance.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What model.yaml says.
 *
 * @param graph file name of the ONNX graph
 * @param batching whether rows that are asked together keep their answers
 * @param text the text pipeline in front of the graph; tensors go in and out when empty
 * @param sharing how requests of several callers may share a run
 */
public record ModelConfig(
    String description,
    String graph,
    Optional<TextPipeline> text,
    Batching batching,
    Sharing sharing,
    Session session,
    Limits limits) {

  /**
   * Text in, embedding out.
   *
   * @param tokenizer file name of the Hugging Face tokenizer
   * @param tokensMax tokens that reach the graph, special ones counted; more are cut, and said so
   * @param normalize whether embeddings have length 1
   */
  public record TextPipeline(String tokenizer, int tokensMax, boolean normalize) {}

  /**
   * Of one run by requests of several callers.
   *
   * @param acrossCallers whether answers may depend on what others ask; asked of {@link
   *     Batching#DEPENDENT} only
   * @param rowsMax of all that share a run
   */
  public record Sharing(boolean acrossCallers, int rowsMax) {
    public static final Sharing DEFAULT = new Sharing(false, 16);
  }

  /**
   * Settings of the ONNX Runtime session.
   *
   * @param spinning whether threads burn their processor while they wait; no package asks for it
   */
  public record Session(int intraOpThreads, List<String> disabledOptimizers, boolean spinning) {
    public Session {
      disabledOptimizers = List.copyOf(disabledOptimizers);
    }
  }

  /**
   * What the worker may take.
   *
   * @param loadTime from when it is told what to load to its signature
   * @param runTime of one request in the model; a longer one costs the worker its life
   * @param heapMib of the worker's Java heap
   * @param memoryMib of all its writable memory, native included
   * @param cpus processors' worth of time; as many as there are when empty
   */
  public record Limits(
      Duration loadTime, Duration runTime, int heapMib, int memoryMib, OptionalInt cpus) {}
}
