package io.cloister.appliance.worker;

import ai.onnxruntime.OrtException;
import io.cloister.appliance.model.ModelConfig.TextPipeline;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import io.cloister.appliance.text.Encoded;
import io.cloister.appliance.text.LengthGroups;
import io.cloister.appliance.text.Pooling;
import io.cloister.appliance.text.TextLimits;
import io.cloister.appliance.text.TextRefused;
import io.cloister.appliance.text.TextTokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts in; embeddings, token counts and whether something was cut out. Texts run one by one where
 * the graph answers differently in a batch, as dynamically quantised ones do.
 */
final class EmbeddingModel implements WorkerModel {
  private static final String INPUT = "text";

  private final OnnxGraph graph;
  private final TextTokenizer tokenizer;
  private final boolean normalize;
  private final int batchMax;
  private final int dimensions;

  /**
   * @param batchMax texts in one run of the graph
   */
  EmbeddingModel(OnnxGraph graph, TextTokenizer tokenizer, TextPipeline pipeline, int batchMax)
      throws OrtException {
    this.batchMax = batchMax;
    this.graph = graph;
    this.tokenizer = tokenizer;
    this.normalize = pipeline.normalize();
    this.dimensions = dimensions(graph.signature());
  }

  private static int dimensions(Signature signature) throws OrtException {
    TensorSpec hidden = signature.outputs().getFirst();
    boolean perToken = hidden.datatype() == Datatype.FP32 && hidden.dims().size() == 3;
    if (!perToken || hidden.dims().get(2) <= 0) {
      throw new OrtException(
          "an embedding graph's first output is FP32 [batch, tokens, size], not " + hidden);
    }
    for (TensorSpec input : signature.inputs()) {
      boolean known =
          List.of("input_ids", "attention_mask", "token_type_ids").contains(input.name());
      if (!known || input.datatype() != Datatype.INT64) {
        throw new OrtException("an embedding graph has no such input: " + input);
      }
    }
    return Math.toIntExact(hidden.dims().get(2));
  }

  @Override
  public Signature signature() {
    TensorSpec embedding =
        new TensorSpec(
            "embedding", Datatype.FP32, List.of(-1L, (long) dimensions), List.of("n", ""));
    return new Signature(
        List.of(batched(INPUT, Datatype.BYTES)),
        List.of(embedding, batched("tokens", Datatype.INT64), batched("truncated", Datatype.BOOL)));
  }

  private static TensorSpec batched(String name, Datatype datatype) {
    return new TensorSpec(name, datatype, List.of(TensorSpec.FREE), List.of("n"));
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs, List<String> outputs)
      throws OrtException, ContentFault {
    if (inputs.size() != 1 || !(inputs.getFirst() instanceof BytesTensor texts)) {
      throw new ContentFault("input " + INPUT + " is BYTES");
    }
    int count = texts.values().size();
    if (count > TextLimits.TEXTS_MAX) {
      throw new ContentFault(count + " texts in one request; at most " + TextLimits.TEXTS_MAX);
    }
    List<Encoded> encoded = new ArrayList<>();
    for (byte[] text : texts.values()) {
      encoded.add(encode(text));
    }
    float[] embeddings = new float[count * dimensions];
    int[] lengths = encoded.stream().mapToInt(each -> each.ids().length).toArray();
    for (List<Integer> group : LengthGroups.of(lengths, batchMax)) {
      embed(group, encoded, embeddings);
    }
    long[] tokens = encoded.stream().mapToLong(Encoded::tokens).toArray();
    boolean[] truncated = new boolean[count];
    for (int row = 0; row < count; row++) {
      truncated[row] = encoded.get(row).truncated();
    }
    return wanted(
        outputs,
        List.of(
            Tensors.fp32("embedding", Shape.of(count, dimensions), embeddings),
            Tensors.int64("tokens", Shape.of(count), tokens),
            Tensors.bool("truncated", Shape.of(count), truncated)));
  }

  private Encoded encode(byte[] text) throws ContentFault {
    try {
      return tokenizer.encode(text);
    } catch (TextRefused e) {
      throw new ContentFault(String.valueOf(e.getMessage()));
    }
  }

  /** Runs these together, the longest first, and puts the vector of each in its place. */
  private void embed(List<Integer> group, List<Encoded> all, float[] embeddings)
      throws OrtException, ContentFault {
    List<Encoded> encoded = group.stream().map(all::get).toList();
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec input : graph.signature().inputs()) {
      inputs.add(padded(input.name(), encoded.stream().map(e -> values(e, input.name())).toList()));
    }
    String hidden = graph.signature().outputs().getFirst().name();
    PackedTensor output = (PackedTensor) graph.run(inputs, List.of(hidden)).getFirst();
    FloatBuffer vectors = output.data().asFloatBuffer();
    int length = encoded.getFirst().ids().length * dimensions;
    for (int i = 0; i < group.size(); i++) {
      FloatBuffer own = vectors.slice(i * length, length);
      float[] vector = Pooling.mean(own, encoded.get(i).attentionMask(), dimensions);
      if (normalize) {
        Pooling.normalize(vector);
      }
      System.arraycopy(vector, 0, embeddings, group.get(i) * dimensions, dimensions);
    }
  }

  private static long[] values(Encoded encoded, String input) {
    return switch (input) {
      case "input_ids" -> encoded.ids();
      case "attention_mask" -> encoded.attentionMask();
      default -> encoded.typeIds();
    };
  }

  /** As long as the first; the rest is 0, which the attention mask leaves out. */
  private static Tensor padded(String name, List<long[]> rows) {
    int length = rows.getFirst().length;
    ByteBuffer data =
        ByteBuffer.allocateDirect(rows.size() * length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows.size(); i++) {
      data.asLongBuffer().put(i * length, rows.get(i));
    }
    return new PackedTensor(name, Datatype.INT64, Shape.of(rows.size(), length), data);
  }

  private static List<Tensor> wanted(List<String> names, List<Tensor> tensors) {
    return names.isEmpty()
        ? tensors
        : names.stream()
            .map(name -> tensors.stream().filter(t -> t.name().equals(name)).findFirst())
            .map(tensor -> tensor.orElseThrow())
            .toList();
  }

  @Override
  public void close() throws OrtException {
    tokenizer.close();
    graph.close();
  }
}
