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
import io.cloister.appliance.text.Pooling;
import io.cloister.appliance.text.TextLimits;
import io.cloister.appliance.text.TextRefused;
import io.cloister.appliance.text.TextTokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts in; embeddings, token counts and whether something was cut out. Texts run one by one: a
 * dynamically quantised graph answers differently in a batch.
 */
final class EmbeddingModel implements WorkerModel {
  private static final String INPUT = "text";

  private final OnnxGraph graph;
  private final TextTokenizer tokenizer;
  private final boolean normalize;
  private final int dimensions;

  EmbeddingModel(OnnxGraph graph, TextTokenizer tokenizer, TextPipeline pipeline)
      throws OrtException {
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
    float[] embeddings = new float[count * dimensions];
    long[] tokens = new long[count];
    boolean[] truncated = new boolean[count];
    for (int row = 0; row < count; row++) {
      Encoded encoded = encode(texts.values().get(row));
      System.arraycopy(embed(encoded), 0, embeddings, row * dimensions, dimensions);
      tokens[row] = encoded.tokens();
      truncated[row] = encoded.truncated();
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

  private float[] embed(Encoded encoded) throws OrtException, ContentFault {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec input : graph.signature().inputs()) {
      long[] values =
          switch (input.name()) {
            case "input_ids" -> encoded.ids();
            case "attention_mask" -> encoded.attentionMask();
            default -> encoded.typeIds();
          };
      inputs.add(direct(input.name(), values));
    }
    String hidden = graph.signature().outputs().getFirst().name();
    PackedTensor output = (PackedTensor) graph.run(inputs, List.of(hidden)).getFirst();
    float[] vector =
        Pooling.mean(output.data().asFloatBuffer(), encoded.attentionMask(), dimensions);
    if (normalize) {
      Pooling.normalize(vector);
    }
    return vector;
  }

  private static Tensor direct(String name, long[] values) {
    ByteBuffer data =
        ByteBuffer.allocateDirect(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return new PackedTensor(name, Datatype.INT64, Shape.of(1, values.length), data);
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
