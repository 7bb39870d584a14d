package io.cloister.appliance.http;

import io.cloister.appliance.inference.InferenceException;
import io.cloister.appliance.inference.InferenceRefusal.NotReady;
import io.cloister.appliance.inference.InferenceRequest;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.systemd.CallerAddress;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.webserver.http.ServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a request over HTTP asked of a model, and how that ended; for the request's line in the log.
 *
 * @param version that answered, or was asked for; empty where neither is known
 * @param inputs shapes by input name, of the first inputs
 * @param outcome {@link #OK}, or the refusal's kind
 */
public record ModelCall(
    String model, Optional<String> version, Map<String, Shape> inputs, String outcome) {
  /** The model answered; whether its answer was sent, the request's status says. */
  public static final String OK = "ok";

  /** Of so many inputs, and so much of each name: callers choose both, and a line is kept. */
  private static final int INPUTS_TOLD = 16;

  private static final int NAME_CHARS_TOLD = 100;

  /**
   * Asks the model until its caller leaves, and keeps with the request what was asked; a refusal is
   * thrown as HTTP's.
   */
  public static InferenceResult infer(
      ModelServer models, ServerRequest request, InferenceRequest question) {
    return infer(models, question.leftWhen(() -> left(request)), request.context()::register);
  }

  private static boolean left(ServerRequest request) {
    return request.remotePeer().address() instanceof CallerAddress caller && caller.left();
  }

  /**
   * Asks the model; a refusal is thrown as HTTP's.
   *
   * @param told is given what was asked, before this ends
   */
  public static InferenceResult infer(
      ModelServer models, InferenceRequest question, Consumer<ModelCall> told) {
    try {
      InferenceResult result = models.infer(question);
      told.accept(of(question, Optional.of(result.modelVersion()), OK));
      return result;
    } catch (InferenceException e) {
      told.accept(of(question, question.modelVersion(), e.refusal().kind()));
      throw Refusals.answer(e.refusal());
    }
  }

  /** The model that is asked about; a refusal is thrown as HTTP's. */
  public static ServedModel served(ModelServer models, String name, Optional<String> version) {
    try {
      return models.served(name, version);
    } catch (InferenceException e) {
      throw Refusals.answer(e.refusal());
    }
  }

  /** Whether that version answers now; where none is routed that is thrown as HTTP's. */
  public static boolean ready(ModelServer models, String name, Optional<String> version) {
    try {
      return models.served(name, version).ready();
    } catch (InferenceException e) {
      if (e.refusal() instanceof NotReady) {
        return false;
      }
      throw Refusals.answer(e.refusal());
    }
  }

  private static ModelCall of(InferenceRequest question, Optional<String> version, String outcome) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Tensor input : question.inputs().stream().limit(INPUTS_TOLD).toList()) {
      shapes.put(told(input.name()), input.shape());
    }
    return new ModelCall(told(question.modelName()), version.map(ModelCall::told), shapes, outcome);
  }

  private static String told(String name) {
    return name.length() <= NAME_CHARS_TOLD ? name : name.substring(0, NAME_CHARS_TOLD) + "…";
  }
}
