package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.oip.Classification;
import io.cloister.appliance.oip.InferParameters;
import io.cloister.appliance.oip.RawData;
import io.cloister.appliance.tensor.Tensor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ModelInferRequest (OIP v2, gRPC, "ModelInfer"). */
final class InferQuestion {
  private String model = "";
  private String version = "";
  private String id = "";
  private InferParameters parameters = InferParameters.NONE;
  private final List<InputMessage> inputs = new ArrayList<>();
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final List<ByteBuffer> raw = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();

  private InferQuestion() {}

  static InferQuestion read(Message message) {
    InferQuestion question = new InferQuestion();
    question.readFields(message.reader());
    question.complete(message);
    return question;
  }

  private void readFields(ProtoReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> model = in.text();
        case 2 -> version = in.text();
        case 3 -> id = in.text();
        case 4 -> parameter(Parameter.read(in.message()));
        case 5 -> inputs.add(InputMessage.read(in.message()));
        case 6 -> output(in.message());
        case 7 -> raw.add(in.bytes());
        default -> {}
      }
      RawData.checkCount(Math.max(inputs.size(), Math.max(outputs.size(), raw.size())));
    }
  }

  /** Triton, "Parameters Extension", "Schedule Policy Extension"; others mean nothing here. */
  private void parameter(Parameter parameter) {
    switch (parameter.name()) {
      case "timeout" -> parameters = parameters.withTimeout(parameter.count(Long.MAX_VALUE));
      case "priority" ->
          parameters =
              parameters.withPriority((int) parameter.count(InferenceRequest.PRIORITY_LAST));
      default -> parameter.refuseSharedMemory();
    }
  }

  private void output(ProtoReader in) {
    String name = "";
    int classes = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> {
          Parameter parameter = Parameter.read(in.message());
          if (parameter.name().equals("classification")) {
            classes = (int) parameter.count(Classification.CLASSES_MAX);
          }
          parameter.refuseSharedMemory();
        }
        default -> {}
      }
    }
    if (outputs.put(name, classes) != null) {
      throw RawData.refused("output %s is wanted twice".formatted(name));
    }
  }

  /** "If raw_input_contents is specified then contents must not be", for any input. */
  private void complete(Message message) {
    if (!raw.isEmpty() && raw.size() != inputs.size()) {
      throw RawData.refused(
          "raw_input_contents has %d tensors, inputs has %d".formatted(raw.size(), inputs.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      tensors.add(
          raw.isEmpty()
              ? inputs.get(i).typed(message.heap())
              : inputs.get(i).raw(raw.get(i), message.heap()));
    }
  }

  String id() {
    return id;
  }

  /** So many of the highest values of that output, in its place; 0 for the output as it is. */
  int classes(String output) {
    return outputs.getOrDefault(output, 0);
  }

  /**
   * What to ask.
   *
   * @param deadline until the caller gives up
   */
  InferenceRequest request(Optional<Duration> deadline, String caller) {
    Optional<Duration> timeout = parameters.timeout();
    Optional<Duration> within =
        deadline.filter(left -> timeout.isEmpty() || left.compareTo(timeout.get()) < 0);
    return new InferenceRequest(
        model,
        version(version),
        tensors,
        List.copyOf(outputs.keySet()),
        within.or(() -> timeout),
        parameters.priority(),
        caller);
  }

  /** "If not given the server will choose": an empty text is not given. */
  static Optional<String> version(String version) {
    return Optional.of(version).filter(given -> !given.isEmpty());
  }
}
