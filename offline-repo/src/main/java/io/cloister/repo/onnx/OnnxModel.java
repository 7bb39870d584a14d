package io.cloister.repo.onnx;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Refuses an ONNX file that no appliance serves (onnx.proto3 of ONNX 1.19: {@code ModelProto}):
 * operators from elsewhere, data outside its package, inputs and outputs that no request carries.
 */
public final class OnnxModel {
  private static final int NAME_BYTES_MAX = 1024;
  private static final int DEPTH_MAX = 64;

  /** Of ONNX itself, and those that ONNX Runtime has built in. */
  private static final Set<String> DOMAINS =
      Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc");

  private final ProtoReader proto;
  private final PackageFiles files;

  /** Operators of other domains, each with its domain. */
  private final Set<Operator> foreign = new LinkedHashSet<>();

  /** Functions of the model itself, which are graphs of operators. */
  private final Set<Operator> functions = new HashSet<>();

  private final Set<String> initializers = new HashSet<>();
  private final Map<String, ValueType> inputs = new LinkedHashMap<>();
  private final Map<String, ValueType> outputs = new LinkedHashMap<>();
  private boolean graphSeen;
  private boolean quantisedDynamically;

  private record Operator(String domain, String type) {}

  /** The files of the package that a graph belongs to. */
  @FunctionalInterface
  public interface PackageFiles {
    /** Bytes of the file of that name, relative to the graph; empty where the package has none. */
    OptionalLong length(String name);
  }

  private OnnxModel(ProtoReader proto, PackageFiles files) {
    this.proto = proto;
    this.files = files;
  }

  /** Reads the file's structure, not its weights. */
  public static OnnxModel check(Path file, PackageFiles files) throws OnnxRefused, IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      OnnxModel model = new OnnxModel(new ProtoReader(channel), files);
      model.check();
      return model;
    }
  }

  /** Whether a row's answer depends on the others in its batch: all are scaled together. */
  public boolean quantisedDynamically() {
    return quantisedDynamically;
  }

  private void check() throws OnnxRefused, IOException {
    proto.root(
        (field, type) -> {
          switch (field) {
            case 7 -> {
              graphSeen = true;
              readGraph(type, 0);
            }
            case 25 -> readFunction(type);
            default -> proto.skip(type);
          }
        });
    if (!graphSeen) {
      throw new OnnxRefused("it is no ONNX file: it has no graph");
    }
    for (Operator operator : foreign) {
      if (!functions.contains(operator)) {
        throw new OnnxRefused(
            ("its operator '%s' is of the domain '%s': only operators of ONNX and ONNX Runtime"
                    + " themselves are run here")
                .formatted(Printable.of(operator.type()), Printable.of(operator.domain())));
      }
    }
    inputs.keySet().removeAll(initializers);
    for (Map.Entry<String, ValueType> input : inputs.entrySet()) {
      input.getValue().checkInput(input.getKey());
    }
    for (Map.Entry<String, ValueType> output : outputs.entrySet()) {
      output.getValue().checkOutput(output.getKey());
    }
  }

  /** {@code GraphProto}; only the outermost one has inputs and outputs that are asked for. */
  private void readGraph(int type, int depth) throws OnnxRefused, IOException {
    if (depth > DEPTH_MAX) {
      throw new OnnxRefused("its graphs are nested deeper than " + DEPTH_MAX);
    }
    proto.message(
        type,
        (field, of) -> {
          switch (field) {
            case 1 -> readNode(of, depth);
            case 5 -> readInitializer(of, depth);
            case 11 -> readValue(of, depth == 0 ? inputs : new LinkedHashMap<>());
            case 12 -> readValue(of, depth == 0 ? outputs : new LinkedHashMap<>());
            case 15 -> readSparse(of);
            default -> proto.skip(of);
          }
        });
  }

  private void readInitializer(int type, int depth) throws OnnxRefused, IOException {
    String name = new TensorReader(proto, files).read(type);
    if (depth == 0) {
      initializers.add(name);
    }
  }

  private void readSparse(int type) throws OnnxRefused, IOException {
    proto.message(
        type,
        (field, of) -> {
          if (field == 1 || field == 2) {
            new TensorReader(proto, files).read(of);
          } else {
            proto.skip(of);
          }
        });
  }

  /** {@code NodeProto}. */
  private void readNode(int type, int depth) throws OnnxRefused, IOException {
    String[] names = {"", ""};
    proto.message(
        type,
        (field, of) -> {
          switch (field) {
            case 4 -> names[1] = proto.text(of, NAME_BYTES_MAX);
            case 5 -> readAttribute(of, depth);
            case 7 -> names[0] = proto.text(of, NAME_BYTES_MAX);
            default -> proto.skip(of);
          }
        });
    // DynamicQuantizeLinear of ONNX, and what ONNX Runtime makes of it and its neighbours.
    quantisedDynamically |= names[1].startsWith("DynamicQuantize");
    if (!DOMAINS.contains(names[0])) {
      foreign.add(new Operator(names[0], names[1]));
    }
  }

  /** {@code AttributeProto}: tensors and graphs within it. */
  private void readAttribute(int type, int depth) throws OnnxRefused, IOException {
    proto.message(
        type,
        (field, of) -> {
          switch (field) {
            case 5, 10 -> new TensorReader(proto, files).read(of);
            case 6, 11 -> readGraph(of, depth + 1);
            case 22, 23 -> readSparse(of);
            default -> proto.skip(of);
          }
        });
  }

  /** {@code FunctionProto}. */
  private void readFunction(int type) throws OnnxRefused, IOException {
    String[] names = {"", ""};
    proto.message(
        type,
        (field, of) -> {
          switch (field) {
            case 1 -> names[1] = proto.text(of, NAME_BYTES_MAX);
            case 7 -> readNode(of, 1);
            case 10 -> names[0] = proto.text(of, NAME_BYTES_MAX);
            case 11 -> readAttribute(of, 1);
            default -> proto.skip(of);
          }
        });
    functions.add(new Operator(names[0], names[1]));
  }

  /** {@code ValueInfoProto}. */
  private void readValue(int type, Map<String, ValueType> values) throws OnnxRefused, IOException {
    String[] name = {""};
    ValueType value = new ValueType();
    proto.message(
        type,
        (field, of) -> {
          switch (field) {
            case 1 -> name[0] = proto.text(of, NAME_BYTES_MAX);
            case 2 -> value.read(proto, of);
            default -> proto.skip(of);
          }
        });
    values.put(name[0], value);
  }
}
