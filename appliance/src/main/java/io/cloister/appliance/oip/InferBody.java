package io.cloister.appliance.oip;

import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.RequestBody;
import io.cloister.appliance.tensor.Tensor;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The body of an inference request (OIP v2, "Inference Request JSON Object"; KServe, "Binary Tensor
 * Data Extension").
 *
 * @param model that the body names, beside the path
 * @param version likewise
 * @param id echoed in the answer
 * @param outputs those wanted; all when empty
 */
record InferBody(
    Optional<String> model,
    Optional<String> version,
    Optional<String> id,
    List<Tensor> inputs,
    List<WantedOutput> outputs,
    InferParameters parameters) {
  private static final String EXAMPLE = "{\"inputs\": […]}";

  /**
   * Reads one strictly: anything not understood is refused with 400.
   *
   * @param jsonBytes length of the JSON, after which the tensors follow; all of it when empty
   */
  static InferBody read(RequestBody taken, OptionalInt jsonBytes) {
    return read(taken.stream(), jsonBytes, taken::continuesPacked, taken.heap());
  }

  /**
   * Likewise.
   *
   * @param packed called where the JSON ends
   * @param heap where texts behind the JSON are counted
   */
  static InferBody read(InputStream body, OptionalInt jsonBytes, Runnable packed, HeapShare heap) {
    Head head = new Head(body, jsonBytes.orElse(Integer.MAX_VALUE));
    InputStream json = jsonBytes.isPresent() ? head : body;
    InferReader.Read read = JsonBody.read(json, "an inference request", EXAMPLE, InferReader::read);
    if (jsonBytes.isPresent() && head.left() > 0) {
      throw RawData.refused("the body ends before the JSON does");
    }
    packed.run();
    BinaryReader binary = new BinaryReader(body, jsonBytes.isPresent(), heap);
    List<Tensor> inputs = new ArrayList<>();
    for (TensorReader.Part part : read.inputs()) {
      inputs.add(part.complete(binary));
    }
    if (jsonBytes.isPresent()) {
      binary.expectEnd();
    }
    return new InferBody(
        read.model(), read.version(), read.id(), inputs, read.outputs(), read.parameters());
  }

  /** About how much Java heap it keeps. */
  long heapBytes() {
    return inputs.stream().mapToLong(Tensor::heapBytes).sum();
  }

  List<String> outputNames() {
    return outputs.stream().map(WantedOutput::name).toList();
  }

  /** How the answer has that output. */
  WantedOutput wanted(String name) {
    return outputs.stream()
        .filter(output -> output.name().equals(name))
        .findFirst()
        .orElse(WantedOutput.of(name));
  }

  /** Whether the answer has that output after the JSON. */
  boolean binary(WantedOutput output) {
    return output.binary().orElse(parameters.binaryOutputs());
  }

  /**
   * One output as the request wants it.
   *
   * @param binary after the answer's JSON; as the request's parameters say when empty
   * @param classes so many of the highest values, in their place; 0 for the output as it is
   */
  record WantedOutput(String name, Optional<Boolean> binary, int classes) {
    static WantedOutput of(String name) {
      return new WantedOutput(name, Optional.empty(), 0);
    }
  }
}
