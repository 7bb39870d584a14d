package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.http.ModelCall;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http2.StreamEnded;
import io.cloister.appliance.inference.InferenceResult;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.inference.ModelState;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.oip.RawData;
import io.cloister.appliance.oip.Repository;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What can be asked with one message and is answered with one, by path. */
final class Methods {
  private static final String SERVICE = "inference.GRPCInferenceService";

  /** The longest that makes sense names a service. */
  private static final int OPEN_BYTES_MAX = 256;

  /** Health is told without a token, as over REST. */
  enum Access {
    OPEN,
    USER,
    ADMIN
  }

  /** One method. */
  record Method(Access access, Answer answer) {
    /**
     * Whoever has no token says next to nothing: what anybody may send would else take the memory
     * of those who have one.
     */
    long bytesMax(RequestBodies bodies) {
      return access == Access.OPEN ? OPEN_BYTES_MAX : bodies.bytesMax();
    }

    void check(GrpcCall call) {
      switch (access) {
        case OPEN -> {}
        case USER -> call.require(Role.USER);
        case ADMIN -> call.require(Role.ADMIN);
      }
    }
  }

  /** What it does. */
  interface Answer {
    ProtoWriter to(GrpcCall call, Message message) throws StreamEnded;
  }

  /** The names that most requests have: of a model, and of its version where one is meant. */
  private record Named(String name, Optional<String> version) {
    static Named read(Message message) {
      String name = "";
      String version = "";
      ProtoReader in = message.reader();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> name = in.text();
          case 2 -> version = in.text();
          default -> {}
        }
      }
      return new Named(name, InferQuestion.version(version));
    }
  }

  private final ModelServer models;
  private final String release;
  private final BooleanSupplier ready;
  private final Map<String, Method> byName;

  Methods(ModelServer models, String release, BooleanSupplier ready) {
    this.models = models;
    this.release = release;
    this.ready = ready;
    this.byName =
        Map.ofEntries(
            open("ServerLive", (call, message) -> new ProtoWriter().flag(1, true)),
            open("ServerReady", (call, message) -> flag(ready.getAsBoolean())),
            user("ServerMetadata", (call, message) -> Descriptions.server(this.release)),
            user("ModelReady", (call, message) -> modelReady(message)),
            user("ModelMetadata", (call, message) -> Descriptions.model(find(message))),
            user("ModelConfig", (call, message) -> Descriptions.config(find(message))),
            user("ModelStatistics", (call, message) -> statistics(message)),
            Map.entry(path("ModelInfer"), new Method(Access.USER, this::infer)),
            user("RepositoryIndex", (call, message) -> index(message)),
            admin("RepositoryModelLoad", (call, message) -> change(message, true)),
            admin("RepositoryModelUnload", (call, message) -> change(message, false)),
            Map.entry(
                "/grpc.health.v1.Health/Check",
                new Method(Access.OPEN, (call, message) -> health(message))));
  }

  private static Map.Entry<String, Method> open(String name, Answer answer) {
    return Map.entry(path(name), new Method(Access.OPEN, counted(answer)));
  }

  private static Map.Entry<String, Method> user(String name, Answer answer) {
    return Map.entry(path(name), new Method(Access.USER, counted(answer)));
  }

  private static Map.Entry<String, Method> admin(String name, Answer answer) {
    return Map.entry(path(name), new Method(Access.ADMIN, counted(answer)));
  }

  /** Its caller may take it slowly. */
  private static Answer counted(Answer answer) {
    return (call, message) -> {
      ProtoWriter written = answer.to(call, message);
      message.heap().take(written.length());
      return written;
    };
  }

  static String path(String name) {
    return "/" + SERVICE + "/" + name;
  }

  /** The method of that path. */
  Method get(String path) {
    Method found = byName.get(path);
    if (found == null) {
      throw new HttpException(
          "there is no method %s here".formatted(path), Status.NOT_IMPLEMENTED_501);
    }
    return found;
  }

  private static ProtoWriter flag(boolean value) {
    return new ProtoWriter().flag(1, value);
  }

  /** One that is not known is not ready either (OIP v2, "ModelReady"). */
  private ProtoWriter modelReady(Message message) {
    Named asked = Named.read(message);
    return flag(models.find(asked.name(), asked.version()).filter(ServedModel::ready).isPresent());
  }

  private ServedModel find(Message message) {
    return find(Named.read(message));
  }

  private ServedModel find(Named asked) {
    return ModelCall.served(models, asked.name(), asked.version());
  }

  private ProtoWriter statistics(Message message) {
    Named asked = Named.read(message);
    if (asked.name().isEmpty()) {
      return Descriptions.statistics(models.stats());
    }
    ServedModel model = find(asked);
    return Descriptions.statistics(
        models.stats().stream().filter(stats -> stats.model().equals(model.model())).toList());
  }

  /** What it answers with is counted as it is made. */
  ProtoWriter infer(GrpcCall call, Message message) throws StreamEnded {
    InferQuestion question = InferQuestion.read(message);
    InferenceResult result = call.infer(models, question.request(call.timeLeft(), call.caller()));
    message.heap().take(result.outputs());
    return InferReply.encode(question, result, message.heap());
  }

  private ProtoWriter index(Message message) {
    boolean readyOnly = false;
    ProtoReader in = message.reader();
    while (in.next()) {
      if (in.field() == 2) {
        readyOnly = in.flag();
      }
    }
    boolean only = readyOnly;
    return Descriptions.index(
        models.models().stream()
            .filter(model -> !only || model.state() == ModelState.READY)
            .toList());
  }

  /** A configuration or files of the caller's own would be unsigned. */
  private ProtoWriter change(Message message, boolean load) {
    String name = "";
    ProtoReader in = message.reader();
    while (in.next()) {
      if (in.field() == 2) {
        name = in.text();
      } else if (in.field() == 3) {
        String parameter = Parameter.read(in.message()).name();
        if (!parameter.equals("unload_dependents")) {
          throw RawData.refused(
              "the parameter \"%s\" is not known; known: unload_dependents; a model is what its"
                      .formatted(parameter)
                  + " signed package says");
        }
      }
    }
    Repository.change(models, name, load);
    return new ProtoWriter();
  }

  /** Of everything, or of the one service (gRPC, "Health Checking Protocol"). */
  private ProtoWriter health(Message message) {
    String service = Named.read(message).name();
    if (!service.isEmpty() && !service.equals(SERVICE)) {
      throw new HttpException(
          "there is no service '%s' here".formatted(service), Status.NOT_FOUND_404);
    }
    int serving = 1;
    int notServing = 2;
    return new ProtoWriter().number(1, ready.getAsBoolean() ? serving : notServing);
  }
}
