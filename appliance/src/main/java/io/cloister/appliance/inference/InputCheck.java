package io.cloister.appliance.inference;

import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.inference.InferenceRefusal.DuplicateInput;
import io.cloister.appliance.inference.InferenceRefusal.MissingInput;
import io.cloister.appliance.inference.InferenceRefusal.UnequalDimensions;
import io.cloister.appliance.inference.InferenceRefusal.UnknownInput;
import io.cloister.appliance.inference.InferenceRefusal.UnknownOutput;
import io.cloister.appliance.inference.InferenceRefusal.WrongDatatype;
import io.cloister.appliance.inference.InferenceRefusal.WrongShape;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.text.TextLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a request against the model's signature before a worker sees it. */
final class InputCheck {
  private record Extent(String input, long size) {}

  private InputCheck() {}

  static void check(Signature signature, List<Tensor> inputs, List<String> outputs)
      throws InferenceException {
    Set<String> given = new HashSet<>();
    Map<String, Extent> extents = new HashMap<>();
    for (Tensor input : inputs) {
      if (!given.add(input.name())) {
        throw new InferenceException(new DuplicateInput(input.name()));
      }
      check(spec(signature, input.name()), input, extents);
    }
    for (TensorSpec spec : signature.inputs()) {
      if (!given.contains(spec.name())) {
        throw new InferenceException(new MissingInput(spec.name()));
      }
    }
    checkOutputs(signature, outputs);
  }

  /** What a text pipeline takes, before its worker has to. */
  static void checkTexts(List<Tensor> inputs) throws InferenceException {
    for (Tensor input : inputs) {
      if (input instanceof BytesTensor texts) {
        checkEach(texts.values());
      }
    }
  }

  private static void checkEach(List<byte[]> texts) throws InferenceException {
    if (texts.size() > TextLimits.TEXTS_MAX) {
      throw new InferenceException(
          new BadContent(
              "%d texts in one request; at most %d".formatted(texts.size(), TextLimits.TEXTS_MAX)));
    }
    for (byte[] text : texts) {
      if (text.length > TextLimits.TEXT_BYTES_MAX) {
        throw new InferenceException(
            new BadContent(
                "a text of %d bytes; at most %d"
                    .formatted(text.length, TextLimits.TEXT_BYTES_MAX)));
      }
    }
  }

  private static TensorSpec spec(Signature signature, String name) throws InferenceException {
    return signature
        .findInput(name)
        .orElseThrow(
            () -> new InferenceException(new UnknownInput(name, names(signature.inputs()))));
  }

  private static void check(TensorSpec spec, Tensor input, Map<String, Extent> extents)
      throws InferenceException {
    if (input.datatype() != spec.datatype()) {
      throw new InferenceException(
          new WrongDatatype(spec.name(), spec.datatype(), input.datatype()));
    }
    if (!spec.admits(input.shape())) {
      throw new InferenceException(new WrongShape(spec.name(), spec.dims(), input.shape()));
    }
    for (int i = 0; i < spec.symbols().size(); i++) {
      String symbol = spec.symbols().get(i);
      long size = input.shape().dims().get(i);
      Extent other =
          symbol.isEmpty() ? null : extents.putIfAbsent(symbol, new Extent(spec.name(), size));
      if (other != null && other.size() != size) {
        throw new InferenceException(
            new UnequalDimensions(symbol, spec.name(), size, other.input(), other.size()));
      }
    }
  }

  private static void checkOutputs(Signature signature, List<String> outputs)
      throws InferenceException {
    Set<String> wanted = new HashSet<>();
    for (String output : outputs) {
      if (signature.findOutput(output).isEmpty()) {
        throw new InferenceException(new UnknownOutput(output, names(signature.outputs())));
      }
      if (!wanted.add(output)) {
        throw new InferenceException(new BadContent("output " + output + " is wanted twice"));
      }
    }
  }

  private static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).toList();
  }
}
